# SPDX-License-Identifier: GPL-2.0-only
# Linux's call chains by name: a breakpoint on every name of scripts/gdb/linuxnames.py, then one
# boot.  Each has to stop once with its caller of the table in the backtrace; of a name with a star
# it is enough that GDB takes it.
set confirm off
set pagination off
set width 0
set breakpoint always-inserted on
source scripts/gdb/daybreak.py

tbreak start_kernel
continue
python
import linuxnames

chain, elsewhere, callers = linuxnames.chain(), linuxnames.elsewhere(), linuxnames.callers()
names = dict.fromkeys([name for _, name, _ in chain] + list(elsewhere))
starred = {name for _, name, mark in chain if mark == "*"}
must = {name for _, name, mark in chain if mark != "*"} | set(
    row.split()[0] for row in (linuxnames.HERE + linuxnames.OLDER).split("\n") if row)
nowhere = {name for name, (ours, _) in elsewhere.items() if not ours}
waiting = {}                    # number of a breakpoint: Linux's name
wrong, met, stops = [], {"start_kernel"}, []


def fault(text):
    wrong.append(text)
    print("names: WRONG:", text)


def numbers():
    return {point.number: point for point in gdb.breakpoints() or ()}


def here(name):
    """The functions that Linux's name @name means here."""
    return set(elsewhere[name][0] if name in elsewhere else [name])


def set_all():
    for name in names:
        if name in met or name in nowhere:
            continue
        before = numbers()
        try:
            gdb.execute("break " + name)
        except gdb.error as error:
            fault(f"{name}: {error}")
        for number, point in numbers().items():
            if number not in before and name in starred:
                point.delete()
            elif number not in before:
                waiting[number] = name


def backtrace():
    frame, names = gdb.newest_frame(), []
    while frame:
        names.append(frame.name() or "?")
        frame = frame.older()
    return names


def stopped_at(name):
    """Is this the chain that the table shows?  Then the name has been met."""
    seen, caller = backtrace(), callers.get(name)
    if here(name) & set(seen) and (caller is None or here(caller) & set(seen)):
        met.add(name)
        print(f"names: {name} met: {' < '.join(seen)}")


set_all()
gdb.execute("tbreak monitor")
gdb.events.stop.connect(lambda event: stops.extend(
    point.number for point in getattr(event, "breakpoints", ())))
while backtrace()[0] != "monitor":
    stops.clear()
    gdb.execute("continue")
    for number in stops:
        if number in waiting:
            stopped_at(waiting[number])
    for number, point in numbers().items():
        if waiting.get(number) in met:
            point.delete()
for name in names:
    if name in must - met - nowhere:
        fault(f"{name} never stopped below {callers.get(name)}")
print(f"names: {len(met)} of {len(names)} names met, {len(wrong)} wrong")
end
detach
