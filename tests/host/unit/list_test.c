// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/lib/list.h.
 */
#include "kernel/lib/list.h"

#include "kernel/lib/types.h"
#include "tests/host/include/ktap.h"

struct item {
	char			name;
	struct list_head	link;
};

static struct item items[] = { { .name = 'a' }, { .name = 'b' }, { .name = 'c' } };
static struct item *const a = &items[0], *const b = &items[1], *const c = &items[2];
static LIST_HEAD(list);
static LIST_HEAD(other);

/* Names from first to last; fails if the way back differs. */
static const char *spell(struct list_head *head)
{
	static char text[8];
	size_t n = 0, back;
	struct item *it;

	list_for_each_entry(it, head, link)
		text[n++] = it->name;
	text[n] = 0;
	back = n;
	list_for_each_entry_reverse(it, head, link)
		expect_eq(it->name, text[--back]);
	expect_eq(back, 0);
	return text;
}

KTAP_SETUP
{
	INIT_LIST_HEAD(&list);
	INIT_LIST_HEAD(&other);
	for (size_t i = 0; i < ARRAY_SIZE(items); i++)
		list_add_tail(&items[i].link, &list);
}

KTAP_TEST(test_list_add_order)
{
	expect_str_eq(spell(&list), "abc");
	list_del(&c->link);
	list_add(&c->link, &list);
	expect_str_eq(spell(&list), "cab");
	expect_true(list_is_last(&b->link, &list));
	expect_ptr_eq(list_first_entry(&list, struct item, link), c);
	expect_ptr_eq(list_last_entry(&list, struct item, link), b);
	expect_ptr_eq(list_next_entry(c, link), a);
	expect_ptr_eq(list_prev_entry(b, link), a);
}

KTAP_TEST(test_list_del_poisons)
{
	list_del(&b->link);
	expect_str_eq(spell(&list), "ac");
	expect_ptr_eq(b->link.next, LIST_POISON);
	expect_ptr_eq(b->link.prev, LIST_POISON);
	list_del_init(&a->link);
	expect_true(list_empty(&a->link));
	expect_true(list_is_singular(&list));
	list_del(&c->link);
	expect_true(list_empty(&list));
	expect_false(list_is_singular(&list));
	expect_null(list_first_entry_or_null(&list, struct item, link));
}

KTAP_TEST(test_list_move)
{
	list_move(&c->link, &list);
	expect_str_eq(spell(&list), "cab");
	list_move_tail(&c->link, &list);
	expect_str_eq(spell(&list), "abc");
	list_move(&b->link, &other);
	expect_str_eq(spell(&other), "b");
	expect_str_eq(spell(&list), "ac");
}

KTAP_TEST(test_list_splice)
{
	list_splice_init(&other, &list);
	expect_str_eq(spell(&list), "abc");
	list_move(&a->link, &other);
	list_splice_init(&list, &other);
	expect_str_eq(spell(&other), "bca");
	expect_true(list_empty(&list));
}

KTAP_TEST(test_list_delete_while_walking)
{
	struct item *it, *next;
	size_t n = 0;

	list_for_each_entry_safe(it, next, &list, link) {
		list_del(&it->link);
		n++;
	}
	expect_eq(n, 3);
	expect_true(list_empty(&list));
}
