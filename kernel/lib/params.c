// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line: from words to handlers (see params.h).
 *
 * Each pass works on a copy of its own, because splitting writes NULs into the
 * line and handlers may keep pointers into their values.
 */
#include "kernel/lib/params.h"

#include "kernel/lib/params_internal.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/types.h"

extern const struct kernel_param __start_kernel_params[] __weak;
extern const struct kernel_param __stop_kernel_params[] __weak;

#define for_each_param(p) \
	for (const struct kernel_param *p = __start_kernel_params; p < __stop_kernel_params; p++)

struct params_state params_state __initbss;

/* ---- words ---- */

/*
 *	foo="a b" bar		"foo=a b" bar
 *	|  ||   ||		||  |   ||
 *	|  ||   |end		||  |   |end
 *	|  |val (behind ")	||  val
 *	|  equals		|word (behind ")
 *	word			args
 */
char *next_arg(char *args, char **param, char **val)
{
	bool quoted = *args == '"';
	bool in_quote = quoted;
	char *word = args + quoted;
	char *equals = NULL;
	char *end;
	bool last;

	for (end = word; *end && (in_quote || !char_is_space(*end)); end++) {
		if (*end == '=' && !equals && end != word)
			equals = end;
		if (*end == '"')
			in_quote = !in_quote;
	}
	last = !*end;
	*end = '\0';
	*param = word;
	*val = NULL;
	if (equals) {
		*equals = '\0';
		*val = equals + 1;
		if (**val == '"') {
			++*val;
			quoted = true;	/* its closing quote goes as a word's does */
		}
	}
	if (quoted && end > word && end[-1] == '"')
		end[-1] = '\0';
	return last ? end : skip_spaces(end + 1);
}

static char dash_as_underscore(char c)
{
	return c == '-' ? '_' : c;
}

bool parameqn(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (dash_as_underscore(*a) != dash_as_underscore(*b))
			return false;
		if (!*a)
			return true;
	}
	return true;
}

bool parameq(const char *a, const char *b)
{
	return parameqn(a, b, strlen(a) + 1);
}

/*
 * Call @fn for each word of @line up to the word --, which ends our part.
 */
static void for_each_word(char *line, void (*fn)(char *param, char *val))
{
	char *rest = skip_spaces(line);

	while (*rest) {
		char *param, *val;

		rest = next_arg(rest, &param, &val);
		if (!val && strcmp(param, "--") == 0)
			return;
		fn(param, val);
	}
}

/* Is @p the entry of a word that has the name @param, and not only the beginning of it? */
static bool __init is_named(const struct kernel_param *p, const char *param)
{
	return p->kind != PARAM_SETUP && parameq(param, p->name) && (!p->exists || p->exists());
}

/* Have @p, an early or core parameter, done with @val.  Return: not 0 if that makes no sense. */
static int __init run_param(const struct kernel_param *p, char *val)
{
	if (!p->is_flag)
		return p->fn(val);
	if (p->flag)
		*p->flag = true;
	return 0;
}

/* ---- the first and the early pass ---- */

static void __init run_word(enum param_kind kind, char *param, char *val)
{
	for_each_param(p) {
		if (p->kind == kind && is_named(p, param) && run_param(p, val) != 0)
			pr_warn("Malformed early option '%s'\n", param);
	}
}

static void __init first_word(char *param, char *val)
{
	run_word(PARAM_FIRST, param, val);
}

static void __init early_word(char *param, char *val)
{
	run_word(PARAM_EARLY, param, val);
}

void __init parse_first_param(const char *cmdline)
{
	char *line = params_state.line;		/* the normal pass makes it anew */

	strscpy(line, cmdline, sizeof(params_state.line));
	for_each_word(line, first_word);
}

void __init parse_early_param(const char *cmdline)
{
	char *line = params_state.early_line;

	if (params_state.early_done)
		return;
	params_state.early_done = true;
	strscpy(line, cmdline, sizeof(params_state.early_line));
	for_each_word(line, early_word);
}

/* ---- the normal pass ---- */

/* Put @word behind those of its kind. */
static void __init words_add(struct param_words *words, const char *word, bool is_flag)
{
	size_t n = strlen(word) + 1;
	char *at = &words->text[is_flag ? words->flags_len : words->len];

	if (n >= sizeof(words->text) - words->len)
		return;
	memmove(at + n, at, (size_t)(&words->text[words->len] - at));
	*at = ' ';
	memcpy(at + 1, word, n - 1);
	words->len += n;
	words->flags_len += is_flag ? n : 0;
	words->text[words->len] = '\0';
}

/*
 * Make "name=value" of the two again, in place.  A quote that was dropped
 * between them leaves a gap:   name \0 " value \0   ->   name = value \0
 */
static void __init rejoin(char *param, char *val)
{
	char *equals;

	if (!val)
		return;
	equals = param + strlen(param);
	*equals = '=';
	if (val != equals + 1)
		memmove(equals + 1, val, strlen(val) + 1);
}

/* Return: whether a core or early parameter of this name exists. */
static bool __init try_exact(const char *param, char *val)
{
	bool known = false;

	for_each_param(p) {
		if (!is_named(p, param))
			continue;
		known = true;
		if (p->kind == PARAM_CORE && run_param(p, val) != 0)
			pr_err("Booting kernel: `%s' invalid for parameter `%s'\n", val ? val : "",
			       param);
	}
	return known;
}

/* The entry with the longest prefix of @word that is shorter than @below. */
static const struct kernel_param *__init setup_match(const char *word, size_t below)
{
	const struct kernel_param *best = NULL;
	size_t best_len = 0;

	for_each_param(p) {
		size_t n = strlen(p->name);

		if (p->kind == PARAM_SETUP && n > best_len && n < below &&
		    strnlen(word, n) == n && parameqn(word, p->name, n)) {
			best = p;
			best_len = n;
		}
	}
	return best;
}

/*
 * Linux differs: there the first prefix in link order is tried first; here the
 * longest, so that no order of files decides what a word means.
 */
static bool __init try_setup(char *word)
{
	const struct kernel_param *p;

	for (size_t n = SIZE_MAX; (p = setup_match(word, n)); n = strlen(p->name)) {
		if (p->fn(word + strlen(p->name)))
			return true;
	}
	return false;
}

/* True for words meant for loaders, modules or sysctl, which Linux does not list as unknown. */
static bool __init is_foreign(const char *word, size_t name_len)
{
	static const char *const loader_prefixes[] = { "BOOT_IMAGE=", "kexec" };
	static const char *const sysctl_aliases[] = {
		"hardlockup_all_cpu_backtrace",
		"hung_task_panic",
		"numa_zonelist_order",
		"softlockup_all_cpu_backtrace",
	};

	if (memchr(word, '.', name_len))	/* a module's parameter */
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(loader_prefixes); i++) {
		if (str_has_prefix(word, loader_prefixes[i]))
			return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(sysctl_aliases); i++) {
		if (strlen(sysctl_aliases[i]) == name_len &&
		    parameqn(word, sysctl_aliases[i], name_len))
			return true;
	}
	return false;
}

static void __init normal_word(char *param, char *val)
{
	size_t name_len = strlen(param);

	if (try_exact(param, val) || linux_knows_word(param))
		return;
	rejoin(param, val);
	if (!try_setup(param) && !is_foreign(param, name_len))
		words_add(&params_state.unknown, param, !val);
}

void __init parse_args(const char *cmdline)
{
	char *line = params_state.line;

	params_state.unknown.len = params_state.unknown.flags_len = 0;
	strscpy(line, cmdline, sizeof(params_state.line));
	for_each_word(line, normal_word);

	if (params_state.unknown.len)
		pr_notice("Unknown kernel command line parameters \"%s\", will be passed to user "
			  "space.\n", &params_state.unknown.text[1]);	/* behind the first blank */
}

/* ---- values ---- */

unsigned long long memparse(const char *s, char **end)
{
	static const char suffixes[] = "KkMmGgTtPpEe";
	char *rest;
	unsigned long long val = kstrtoull(s, &rest, 0);
	const char *suffix = *rest ? strchr(suffixes, *rest) : NULL;

	if (suffix && rest != s) {
		val <<= 10 * ((suffix - suffixes) / 2 + 1);
		rest++;
	}
	if (end)
		*end = rest;
	return val;
}

int get_option(char **str, int *val)
{
	char *digits = *str + (**str == '-');
	char *rest;
	unsigned long long num = kstrtoull(digits, &rest, 0);

	if (rest == digits)
		return 0;
	*val = (int)(**str == '-' ? 0 - num : num);
	*str = rest;
	if (*rest == '-')
		return 3;
	if (*rest != ',')
		return 1;
	++*str;
	return 2;
}

bool parse_option_str(const char *str, const char *option)
{
	size_t n = strlen(option);

	while (str) {
		const char *comma = strchr(str, ',');
		size_t len = comma ? (size_t)(comma - str) : strlen(str);

		if (len == n && n && strncmp(str, option, n) == 0)
			return true;
		str = comma ? comma + 1 : NULL;
	}
	return false;
}

/* The first entry by name behind @after, or behind nothing. */
static const struct kernel_param *next_param(const struct kernel_param *after)
{
	const struct kernel_param *best = NULL;

	for_each_param(p) {
		/* Equal names: the table's order, which is the addresses'. */
		int rank = after ? strcmp(p->name, after->name) : 1;

		if (rank < 0 || (rank == 0 && p <= after))
			continue;
		if (!best || strcmp(p->name, best->name) < 0)
			best = p;
	}
	return best;
}

void params_print_help(int (*print)(const char *fmt, ...))
{
	for (const struct kernel_param *p = next_param(NULL); p; p = next_param(p))
		print("  %-24s %s\n", p->name, p->help ? p->help : "");
}
