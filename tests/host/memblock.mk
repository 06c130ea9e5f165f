# SPDX-License-Identifier: GPL-2.0-only
#
# Part of the Makefile: how memblock is tested beyond the common ways.

# ---- memblock beyond doubt --------------------------------------------------
# One program of all tests/host/unit/memblock_*_test.c per flavour: compiler and
# with or without nodes, each against mm/memblock/memblock*.c and a fake buddy only.
MBSRC	:= $(wildcard mm/memblock/*.c kernel/lib/*.c tests/host/model/*.c) $(filter %/reserve_mem.c,$(KSRC)) \
	   $(addprefix tests/host/,ktap.c lib_reset.c memblock_reset.c host_console.c host_phys.c)
MBSRC	:= $(filter-out kernel/lib/string.c %/memblock_event.c,$(MBSRC))
MBTEST	:= $(wildcard tests/host/unit/memblock_*_test.c)
MBFLAGS	:= $(filter-out -DCONFIG_NUMA,$(HFLAGS)) -Wno-missing-field-initializers
MBLINK	:= -Wl,--wrap=mb_find_for_array
MBNUMA	:= -DCONFIG_NUMA -DCONFIG_HAVE_MEMBLOCK_PHYS_MAP
MBALL	:= $(foreach c,gcc clang,$(foreach n,numa flat,$(B)/mb/$c-$n/memblock-$c-$n))
MBDEFAULT := $(B)/mb/$(HOSTCC)-numa/memblock-$(HOSTCC)-numa

# $(call mb-flavour,NAME,COMPILER,FLAGS): objects and programs under $(B)/mb/NAME
define mb-flavour
$(B)/mb/$1/%.o: %.c Makefile $(B)/.flags | need-build need-test
	@mkdir -p $$(@D)
	$$(call say,HOSTCC,$$< ($1))
	$$(Q)$2 $(MBFLAGS) $3 -MMD -MP -c $$< -o $$@

$(B)/mb/$1/memblock-$1: $(patsubst %.c,$(B)/mb/$1/%.o,$(MBSRC) $(MBTEST))
	$$(call say,HOSTLD,$$@)
	$$(Q)$2 $3 $(MBLINK) -o $$@ $$^
endef
$(foreach c,gcc clang,$(eval $(call mb-flavour,$c-numa,$c,$(HSAN) $(MBNUMA))))
$(foreach c,gcc clang,$(eval $(call mb-flavour,$c-flat,$c,$(HSAN))))

check-host: $(MBDEFAULT)
check-host-all: check-host check-memblock ## check-host; memblock's tests in four flavours
check-memblock: $(MBALL) | need-test
	@rm -rf $(B)/test/memblock && $(KTAP) run -j $(JOBS) --log $(B)/test/memblock $(MBALL)
.PHONY: check-host-all check-memblock

# The explorer: every state of small worlds, every sequence up to a depth, in a
# port that says nothing (tests/host/explore/include/mm/port.h).
XSRC	:= $(filter-out %/memblock_param.c %/memblock_event.c,$(wildcard mm/memblock/*.c)) \
	   $(addprefix tests/host/model/,model.c picture.c ops.c fake_buddy.c) \
	   tests/host/explore/port.c tests/host/memblock_reset.c
XFLAGS	:= $(filter-out -O1,$(MBFLAGS)) -O2 -DCONFIG_NUMA
XFEW	:= -DFEW_REGIONS -DINIT_MEMBLOCK_MEMORY_REGIONS=4 -DINIT_MEMBLOCK_RESERVED_REGIONS=4
XHDR	:= $(wildcard mm/*.h mm/memblock/*.h tests/host/model/*.h tests/host/explore/include/mm/*.h)
DEPTH	?=
CELLS	?= 0

# $(call explorer,PROGRAM,MAIN,FLAGS)
define explorer
$(B)/x/$1: tests/host/explore/$2 $(XSRC) $(XHDR) Makefile $(B)/.flags | need-build need-test
	@mkdir -p $$(@D)
	$$(call say,HOSTCC,$$@)
	$$(Q)gcc -Itests/host/explore/include $(XFLAGS) $3 -o $$@ $$(filter %.c,$$^)
endef
$(eval $(call explorer,states,states.c,))
$(eval $(call explorer,sequences,sequences.c,))
$(eval $(call explorer,sequences-few,sequences.c,$(XFEW)))

XPROG	:= $(addprefix $(B)/x/,states sequences sequences-few)
explore: $(XPROG) ## all states and sequences of small memblocks; DEPTH=n CELLS=+n
	@printf '#!/bin/sh\nexec $(B)/x/states $(CELLS)\n' >$(B)/x/explore-states
	@printf '#!/bin/sh\nexec $(B)/x/sequences $(DEPTH)\n' >$(B)/x/explore-sequences
	@printf '#!/bin/sh\nexec $(B)/x/sequences-few $(DEPTH)\n' >$(B)/x/explore-sequences-few
	@chmod +x $(B)/x/explore-*; rm -rf $(B)/test/explore
	@nice $(KTAP) run -j $(JOBS) --log $(B)/test/explore $(B)/x/explore-states \
		$(B)/x/explore-sequences $(B)/x/explore-sequences-few
	@cat $(B)/test/explore/*.ktap | grep '^#'
.PHONY: explore

# The fuzzer lives in the quiet port as well, with arrays of eight; `make fuzz` runs it.
$(B)/f/memblock_fuzz: tests/host/fuzz/memblock_fuzz.c $(XSRC) $(XHDR) Makefile | need-test
	@mkdir -p $(@D)
	$(call say,FUZZCC,$@)
	$(Q)clang -Itests/host/explore/include $(MBFLAGS) -DCONFIG_NUMA \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-DINIT_MEMBLOCK_MEMORY_REGIONS=8 -DINIT_MEMBLOCK_RESERVED_REGIONS=8 \
		-o $@ $(filter %.c,$^)

# ---- drop-in ------------------------------------------------------------------
# One C file and one header for another kernel; mm/PORTING.md.
AMALGAM	:= $(B)/amalgamation
$(AMALGAM)/memblock.c: scripts/amalgamate $(wildcard scripts/amalgamation/*) mm/PORTING.md tests/host/memblock_reset.c \
		$(wildcard mm/memblock*.h mm/memblock/*.[ch]) mm/numa.h mm/blocks.h mm/range.h kernel/lib/vsnprintf.c
	$(call say,GEN,$@)
	$(Q)$(PYTHON) scripts/amalgamate $(AMALGAM)

amalgamation: $(AMALGAM)/memblock.c ## memblock for another kernel: $(B)/amalgamation/
check-amalgamation: $(AMALGAM)/memblock.c | need-build need-test ## the same, compiled and run on its own
	@rm -rf $(B)/test/amalgamation && $(KTAP) run --log $(B)/test/amalgamation \
		"tests/host/amalgamation/check $(AMALGAM) $(abspath $(AMALGAM))/check"
.PHONY: amalgamation check-amalgamation

# Coverage by the unit tests alone; what they miss is in the list, with the reason.
COVSRC	:= $(filter-out %/memblock_event.c,$(wildcard mm/memblock/*.c)) $(filter %/reserve_mem.c,$(KSRC))
$(eval $(call mb-flavour,cov,gcc,--coverage -O0 $(MBNUMA)))

coverage: $(B)/mb/cov/memblock-cov ## lines and branches of mm/memblock/memblock*.c run by its unit tests
	@find $(B)/mb/cov -name '*.gcda' -delete; $< >$(B)/mb/cov/ktap.log
	@$(PYTHON) scripts/coverage --build $(B)/mb/cov --list tests/host/coverage.list \
		--branches 95 $(COVSRC)
.PHONY: coverage

# Mutants of the sources against the fast tests, then the small worlds.  Hours for all
# of them; MUTATE_ARGS="--sample 200 --seed 7" for some.  Goes on where it was stopped.
MUTFLAGS := $(MBFLAGS) -O0 -g0 $(MBNUMA)
MUTSRC	:= $(COVSRC) mm/memblock/memblock_internal.h mm/blocks.h mm/range.h
MUTATE_NICE ?= nice
MUTATE_ARGS ?=
$(eval $(call mb-flavour,mut,gcc,-O0 -g0 $(MBNUMA)))

mutate: $(B)/mb/mut/memblock-mut $(B)/mb/gcc-numa/memblock-gcc-numa ## plant small bugs in mm/memblock/memblock*.c; which tests notice?
	@mkdir -p $(B)/mutate
	@printf '%s\n' '$(XFLAGS) -O1|tests/host/explore/states.c $(XSRC)|-2' \
		'$(XFLAGS) -O1 $(XFEW)|tests/host/explore/sequences.c $(XSRC)|4' \
		>$(B)/mutate/explore.txt
	@$(MUTATE_NICE) $(PYTHON) scripts/mutate --build $(B)/mutate --cflags '$(MUTFLAGS)' --ldflags='$(MBLINK)' -j $(JOBS) \
		--sanitizers '$(HSAN)' --sanitized /mb/mut/=/mb/gcc-numa/ \
		--list tests/host/mutants.list $(MUTATE_ARGS) --source $(MUTSRC) \
		--users tests/host/unit/memblock_inside_test.c \
		--objects $(patsubst %.c,$(B)/mb/mut/%.o,$(MBSRC) $(MBTEST))
.PHONY: mutate

-include $(shell find $(B)/mb -name "*.d" 2>/dev/null)
