# SPDX-License-Identifier: GPL-2.0-only
"""Linux of any release that Debian has: the kernel's binary, or its source, by name.

apt of this computer knows one suite.  The others are asked for by an apt configuration of its own
in BUILD/linux/apt: the same mirror, the same keys, lists and packages under BUILD.  Nothing is
ever installed from there.  Once a release is in BUILD/linux it is not asked for again.
"""

import glob
import os
import re
import subprocess
import sys

SUITES = ("bookworm", "bookworm-updates", "bookworm-backports", "trixie", "trixie-backports", "sid")
# Where packages put it: older ones in /boot, newer ones beside the modules.
PLACES = ("./boot/vmlinuz-*", "./usr/lib/modules/*/vmlinuz")
BINARY = re.compile(r"^linux-(binary|image)-((\d+\.\d+)[\w.+~-]*?)-(?:amd64|arm64)(-unsigned)?$")

CONF = """Dir::Etc::sourcelist "{here}/sources";
Dir::Etc::sourceparts "{here}/none";
Dir::Etc::preferences "{here}/none/none";
Dir::Etc::preferencesparts "{here}/none";
Dir::State "{here}/state";
Dir::State::status "/dev/null";
Dir::Cache "{here}/cache";
Acquire::Languages "none";
APT::Sandbox::User "root";
"""
# Of another architecture than this computer's; nothing is told to its own package manager.
FOREIGN = 'APT::Architecture "{arch}";\nAPT::Architectures "{arch}";\n'



def ask(words, conf=None, cwd=None):
    """What an apt command prints; None if it fails or is not there."""
    env = {**os.environ, "LC_ALL": "C", **({"APT_CONFIG": conf} if conf else {})}
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, env=env, cwd=cwd)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def mirrors():
    """Lines `deb MIRROR SUITE main` of the mirror from which this computer's apt has Debian."""
    out = ask(["apt-get", "indextargets", "--format", "$(REPO_URI)|$(LABEL)|$(SIGNED_BY)",
               "Created-By: Packages"]) or ""
    for line in out.splitlines():
        mirror, label, _ = line.split("|")
        if label == "Debian":
            key = "/usr/share/keyrings/debian-archive-keyring.gpg"
            signed = f"[signed-by={key}] " if os.path.exists(key) else ""
            return [f"deb {signed}{mirror} {suite} main\n" for suite in SUITES]
    return []


def other_suites(folder, arch):
    """The configuration that knows the other suites, with fresh lists; None: not to be had."""
    here = os.path.join(folder, "apt")
    conf = os.path.join(here, "conf")
    lines = mirrors()
    if not lines:
        return None
    for name in ("none", "state/lists/partial", "cache/archives/partial"):
        os.makedirs(os.path.join(here, name), exist_ok=True)
    with open(os.path.join(here, "sources"), "w", encoding="utf-8") as file:
        file.writelines(lines)
    with open(conf, "w", encoding="utf-8") as file:
        file.write(CONF.format(here=here))
        if arch != "amd64":
            file.write(FOREIGN.format(arch=arch))
    if ask(["apt-get", "update", "-q"], conf) is None:
        return None
    return conf


def newest(names, release, arch="amd64"):
    """Of the packages of @release and @arch the newest; the small ones that hold nothing else first."""
    def order(name):
        kind, version, _, unsigned = BINARY.match(name).groups()
        return ([int(n) for n in re.findall(r"\d+", version.split("+")[0].split("-")[0])],
                kind == "binary", bool(unsigned), version)
    fit = [name for name in names if (m := BINARY.match(name)) and m[3] == release
           and re.search(rf"-{arch}(-unsigned)?$", name)
           and not re.search(r"-(rt|cloud)$", m[2])]
    return max(fit, key=order) if fit else None


def extract(package, folder, arch):
    """Unpack the kernel of a package into FOLDER/boot; its path, or None."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package],
                          stdout=subprocess.PIPE) as tar:
        subprocess.run(["tar", "-x", "-C", folder, "--wildcards", *PLACES],
                       stdin=tar.stdout, stderr=subprocess.DEVNULL, check=False)
    version = BINARY.match(os.path.basename(package).split("_")[0])[2]
    target = os.path.join(folder, "boot", f"vmlinuz-{version}-{arch}")
    for place in glob.glob(os.path.join(folder, f"usr/lib/modules/{version}-{arch}/vmlinuz")):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.replace(place, target)
    return target if os.path.exists(target) else None


def download(name, conf, folder):
    """The .deb of a package in @folder, or None."""
    if ask(["apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", name], conf,
           folder) is None:
        return None
    found = glob.glob(os.path.join(glob.escape(folder), glob.escape(name) + "_*.deb"))
    return found[0] if found else None


def kernel(release, build, arch="amd64"):
    """(path, why): the vmlinuz of a release such as 6.18, or None and a reason."""
    folder = os.path.join(os.path.abspath(build), "linux")
    os.makedirs(folder, exist_ok=True)
    known = sorted(glob.glob(os.path.join(folder, "boot", f"vmlinuz-{release}.*")))
    if known:
        return known[-1], ""
    ways = [lambda: None] if arch == "amd64" else []
    for conf in ways + [lambda: other_suites(folder, arch)]:
        where = conf()
        if not where and arch != "amd64":
            break
        names = (ask(["apt-cache", "pkgnames", "linux-"], where) or "").split()
        name = newest(names, release, arch)
        package = download(name, where, folder) if name else None
        if package:
            path = extract(package, folder, arch)
            os.remove(package)
            if path:
                return path, ""
    return None, f"Debian's archive has no kernel {release} that could be fetched (apt-get update?)"


def source(release, build):
    """(path, why): the tarball of package linux-source-RELEASE, or None and a reason."""
    folder = os.path.join(os.path.abspath(build), "linux")
    os.makedirs(folder, exist_ok=True)
    name = f"linux-source-{release}"
    for top in ("/", folder):
        path = os.path.join(top, "usr/src", f"{name}.tar.xz")
        if os.path.exists(path):
            return path, ""
    for conf in (lambda: None, lambda: other_suites(folder, "amd64")):
        package = download(name, conf(), folder)
        if package:
            subprocess.run(["dpkg-deb", "-x", package, folder], check=False)
            os.remove(package)
            if os.path.exists(path):
                return path, ""
    return None, f"Debian's archive has no {name} that could be fetched (apt-get update?)"


def main():
    """debianlinux.py kernel|source RELEASE BUILD: print the path; exit 1 with the reason."""
    path, why = {"kernel": kernel, "source": source}[sys.argv[1]](*sys.argv[2:4])
    print(path or why, file=sys.stdout if path else sys.stderr)
    return 0 if path else 1


if __name__ == "__main__":
    raise SystemExit(main())
