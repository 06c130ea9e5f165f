# SPDX-License-Identifier: GPL-2.0-only
#
# Part of the Makefile: whatever compiles the kernel's sources as ordinary programs.

# ---- host tests -------------------------------------------------------------
# tests/host/unit/*_test.c is one program each, linked against an archive of
# every hostable source, so the linker takes what the test names.
HSAN	:= -fsanitize=address,undefined -fno-sanitize-recover=all
HFLAGS	:= -std=gnu11 -O1 -g -fno-omit-frame-pointer -fno-common $(WARN) $(DEFS) -DDAYBREAK_HOST \
	   -I. -Iarch/include -Itests/host/include -Iarch/$(ARCH)/include
HSRC	:= $(filter-out kernel/lib/string.c,$(filter boot/% kernel/lib/% mm/%,$(KSRC))) $(DT_SRC) \
	   $(filter-out %/mmu.c,$(filter arch/$(ARCH)/map/% arch/$(ARCH)/paging/%,$(KSRC))) \
	   $(addprefix arch/$(ARCH)/,hugetlb.c mp_table.c numa.c screen.c setup.c spcr.c topology.c) \
	   $(filter-out boot/efi/efi_symbols.c,$(wildcard boot/efi/*.c)) \
	   $(wildcard boot/$(ARCH)/efi/*.c) \
	   $(wildcard tests/host/*.c)
HTEST	:= $(filter-out $(wildcard tests/host/unit/memblock_*_test.c),\
	   $(wildcard tests/host/unit/*_test.c))
HBIN	:= $(HTEST:tests/host/unit/%_test.c=$(B)/h/%_test)

$(B)/h/%.o: %.c Makefile tests/host/host.mk $(B)/.flags | need-build need-test
	@mkdir -p $(@D)
	$(call say,HOSTCC,$<)
	$(Q)$(HOSTCC) $(HFLAGS) $(HSAN) -MMD -MP -c $< -o $@

$(B)/h/libdaybreak.a: $(HSRC:%.c=$(B)/h/%.o)
	@rm -f $@
	$(Q)ar rcs $@ $^

# No symbol of it is ever asked for, so the archive would not give it: loglevel=, console= ...
HALWAYS	:= kernel/lib/printk_param.o

$(B)/h/%_test: $(B)/h/tests/host/unit/%_test.o $(B)/h/$(HALWAYS) $(B)/h/libdaybreak.a
	$(call say,HOSTLD,$@)
	$(Q)$(HOSTCC) $(HSAN) -o $@ $^

# kernel/lib/string.c has libc's names: its test takes it with others.
$(B)/h/renamed/string.o: kernel/lib/string.c tests/host/include/string_renamed.h Makefile \
			$(B)/.flags | need-build need-test
	@mkdir -p $(@D)
	$(call say,HOSTCC,$< renamed)
	$(Q)$(HOSTCC) $(HFLAGS) $(HSAN) -fno-builtin -include $(word 2,$^) -MMD -MP -c $< -o $@
$(B)/h/string_test: $(B)/h/renamed/string.o

check-host: $(HBIN) ## host unit tests (KTAP), ASan + UBSan; HOSTCC=clang O=... for the other compiler
	@rm -rf $(B)/test/host && $(KTAP) run -j $(JOBS) --log $(B)/test/host $(HBIN) $(MBDEFAULT)

# Linux's own memblock test-suite on our sources; skipped without its package.
check-linux-suite: | need-build need-test ## Linux's memblock test-suite against mm/memblock/memblock*.c; LINUX="6.12 7.3"
	@tests/host/linux-suite/run $(B) $(or $(LINUX),6.12)
.PHONY: check-linux-suite

# ---- fuzzing ----------------------------------------------------------------
# tests/host/fuzz/NAME_fuzz.c is one libFuzzer program, its seeds are the files
# of tests/host/fuzz/corpus/NAME, words worth trying in NAME.dict.  New inputs and crashes go
# to build/fuzz/.
FUZZ_SECONDS ?= 60
FUZZ	?= $(patsubst tests/host/fuzz/%_fuzz.c,%,$(wildcard tests/host/fuzz/*_fuzz.c))
FSAN	:= -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
FSRC	:= $(filter-out tests/host/ktap.c,$(HSRC))

$(B)/f/%.o: %.c Makefile tests/host/host.mk | need-test
	@mkdir -p $(@D)
	$(call say,FUZZCC,$<)
	$(Q)clang $(HFLAGS) $(FSAN) -MMD -MP -c $< -o $@

$(B)/f/libdaybreak.a: $(FSRC:%.c=$(B)/f/%.o)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(B)/f/%_fuzz: $(B)/f/tests/host/fuzz/%_fuzz.o $(B)/f/tests/host/fuzz/fuzz_init.o \
		$(B)/f/$(HALWAYS) $(B)/f/libdaybreak.a
	$(call say,FUZZLD,$@)
	$(Q)clang -fsanitize=fuzzer,address,undefined -o $@ $^

# This one is around the kernel's variables: see switched_on.h.
$(B)/f/machine_fuzz: $(addprefix $(B)/f/tests/host/fuzz/,machine_fuzz.o fuzz_init.o switched_on.o \
		state_begin.o) $(B)/f/$(HALWAYS) $(B)/f/libdaybreak.a $(B)/f/tests/host/fuzz/state_end.o
	$(call say,FUZZLD,$@)
	$(Q)clang -fsanitize=fuzzer,address,undefined -o $@ $^

fuzz: $(FUZZ:%=fuzz-%) ## fuzz the parsers, FUZZ_SECONDS=60 each; FUZZ="params ..." for some
FUZZ_FLAGS ?=
# What of its log belongs into a report.
FUZZ_SAYS := ^[^ ]*:[0-9]*: \|ERROR\|^panic\|Test unit written
fuzz-%: $(B)/f/%_fuzz
	@mkdir -p $(B)/fuzz/$* $(B)/test/fuzz
	@echo "fuzz $*: $(FUZZ_SECONDS) s, log in $(B)/fuzz/$*.log"
	@echo 1..1 >$(B)/test/fuzz/$*.ktap; \
	if $< -max_total_time=$(FUZZ_SECONDS) -timeout=10 -artifact_prefix=$(B)/fuzz/$*- $(FUZZ_FLAGS) \
		$(addprefix -dict=,$(wildcard tests/host/fuzz/$*.dict)) \
		$(B)/fuzz/$* $(wildcard tests/host/fuzz/corpus/$*) >$(B)/fuzz/$*.log 2>&1; \
	then echo 'ok 1 fuzz $*'; tail -1 $(B)/fuzz/$*.log >&2; \
	else grep -m6 '$(FUZZ_SAYS)' $(B)/fuzz/$*.log | sed 's/^/# /'; echo 'not ok 1 fuzz $*'; \
		tail -40 $(B)/fuzz/$*.log >&2; exit 1; fi >>$(B)/test/fuzz/$*.ktap

# In `make test`: a minute of doubt about memblock on both cores, a look at every parser.  Always
# the same one, so that a red run can be had again; `make fuzz` looks elsewhere each time.
check-doubt fuzz-short: FUZZ_FLAGS := -seed=1
check-doubt: explore fuzz-memblock ## the explorer and the memblock fuzzer, side by side
fuzz-short:
	@$(MAKE) --no-print-directory -j$(JOBS) fuzz FUZZ_SECONDS=4 FUZZ_FLAGS='$(FUZZ_FLAGS)' \
		FUZZ="$(filter-out memblock,$(FUZZ))"
.PHONY: fuzz check-doubt fuzz-short

check-host-clang: | need-test
	@$(MAKE) --no-print-directory HOSTCC=clang O=$(B)/clang check-host; r=$$?; \
		rm -rf $(B)/test/host-clang; mkdir -p $(B)/test; \
		cp -r $(B)/clang/test/host $(B)/test/host-clang 2>/dev/null; exit $$r
.PHONY: check-host check-host-clang

# ---- a second opinion ---------------------------------------------------------
# The same objects, optimised, beside the reference of tests/host/reference.  MACHINES=100000 for
# many; one again, with its log: build/differential N.
SIM_SRC	:= $(filter-out tests/host/ktap.c tests/host/%_machine.c tests/host/%_model.c,$(HSRC))
MACHINES ?= 2000
MACHINES_FIRST ?= 1

$(B)/differential: $(patsubst %.c,$(B)/s/%.o,$(wildcard tests/host/reference/*.c)) \
		$(addprefix $(B)/s/tests/host/fuzz/,switched_on.o state_begin.o) $(B)/s/libdaybreak.a $(B)/s/tests/host/fuzz/state_end.o
	$(call say,SIMLD,$@)
	$(Q)$(HOSTCC) -o $@ $^

$(B)/s/libdaybreak.a: $(SIM_SRC:%.c=$(B)/s/%.o)
	@rm -f $@
	$(Q)ar rcs $@ $^

check-differential: $(B)/differential ## machines by number: ours and a simple reference agree; MACHINES=n
	@printf '#!/bin/sh\nexec $(B)/differential $(MACHINES_FIRST) $(MACHINES)\n' >$(B)/differential-run
	@chmod +x $(B)/differential-run; $(KTAP) run --log $(B)/test/differential $(B)/differential-run
	@grep '^#' $(B)/test/differential/*.ktap
.PHONY: check-differential

# ---- small bugs in any room ------------------------------------------------------
# All of them takes hours; TESTS="zonelist numa" asks only these, and goes on where it was stopped.
ROOMSRC	:= $(filter-out tests/% kernel/lib/linux_words.c $(wildcard mm/memblock/*.c),$(HSRC))
MUTTEST	:= $(or $(TESTS),$(filter-out string,$(HTEST:tests/host/unit/%_test.c=%)))
mutate-rooms: $(B)/h/libdaybreak.a $(HBIN) ## the same in FILES="mm/nodes/node.c ...", or in all hosted files
	@$(MUTATE_NICE) $(PYTHON) scripts/mutate-rooms --build $(B)/mutate-rooms -j $(JOBS) \
		--compiler $(HOSTCC) --cflags '$(HFLAGS) $(HSAN)' --ldflags='$(HSAN)' \
		--list tests/host/mutants-rooms.list $(MUTATE_ARGS) --objects $(HSRC:%.c=$(B)/h/%.o) \
		--also $(B)/h/$(HALWAYS) --tests $(MUTTEST:%=$(B)/h/tests/host/unit/%_test.o) -- \
		$(or $(FILES),$(ROOMSRC))
.PHONY: mutate-rooms

# ---- simulator --------------------------------------------------------------
# The same sources as an ordinary program, optimised: scripts/sim feeds it a map.

$(B)/s/%.o: %.c Makefile tests/host/host.mk $(B)/.flags | need-build need-test
	@mkdir -p $(@D)
	$(call say,SIMCC,$<)
	$(Q)$(HOSTCC) $(HFLAGS) -O2 -MMD -MP -c $< -o $@

$(B)/sim: $(SIM_SRC:%.c=$(B)/s/%.o) $(B)/s/kernel/snapshot.o $(B)/s/tests/host/sim/sim.o
	$(call say,SIMLD,$@)
	$(Q)$(HOSTCC) -o $@ $^

# What the kernel told COM2, told to memblock again: the same arrays must come out.
$(B)/trace_replay: $(SIM_SRC:%.c=$(B)/s/%.o) $(B)/s/tests/host/sim/trace_replay.o
	$(call say,SIMLD,$@)
	$(Q)$(HOSTCC) -o $@ $^

check-qemu fuzz-boot fuzz-boot-short golden check-scripts: $(B)/trace_replay
check-scripts: $(ISO) $(B)/kernel.elf $(B)/sim | need-run
check-scripts: export TRACE_REPLAY = $(abspath $(B)/trace_replay)
check-scripts: export BUILD = $(abspath $(B))

sim: $(B)/sim $(B)/kernel.elf ## boot MAP=some.dmesg on the host: the kernel's objects, no QEMU; COMPARE=1: beside Linux; WHY=crashkernel
	@$(PYTHON) scripts/sim --build $(B) --map '$(MAP)' --cmdline $(call quoted,CMDLINE) \
		$(if $(COMPARE),--compare) $(if $(WHY),--why '$(WHY)')

whatif: $(B)/sim $(B)/kernel.elf ## what if? a page on loopback: drop a dmesg, edit the command line, see (FILES=my.dmesg)
	@$(PYTHON) scripts/memmap.py serve --build $(B) $(FILES)

PREFIX	?= /usr/local
install: $(B)/sim $(B)/kernel.elf ## memmap, its manual page and the simulator under PREFIX=/usr/local (DESTDIR= for packages)
	@$(PYTHON) scripts/install --build $(B) --prefix '$(PREFIX)' --destdir '$(DESTDIR)'

check-replay: $(B)/sim $(B)/kernel.elf | need-run ## every map of tests/maps: simulator and QEMU agree
	@$(KTAP) run --log $(B)/test/replay-ktap "tests/qemu/replay --build $(B)"
.PHONY: sim whatif install check-replay

# ---- benchmark of the buddy --------------------------------------------------
# Optimised, without sanitizers; the sources are the kernel's, and so is the code: no vectors.
BSRC	:= $(wildcard tests/host/bench/buddy/*.c)

$(B)/b/%.o: %.c Makefile tests/host/host.mk | need-build
	@mkdir -p $(@D)
	$(call say,BENCHCC,$<)
	$(Q)$(HOSTCC) $(HFLAGS) -O2 -fno-tree-vectorize -Itests/host/bench/buddy -MMD -MP -c $< -o $@

$(B)/b/libdaybreak.a: $(FSRC:%.c=$(B)/b/%.o)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(B)/buddy_bench: $(BSRC:%.c=$(B)/b/%.o) $(B)/b/libdaybreak.a
	$(call say,HOSTLD,$@)
	$(Q)$(HOSTCC) -o $@ $^

bench-host: $(B)/buddy_bench ## the buddy beside three references, ns per operation
	@$< $(shell git describe --always --dirty)
bench: bench-host
.PHONY: bench-host

# ---- threads -----------------------------------------------------------------
# A thread is a CPU; the thread sanitizer watches.  Planted bugs must be noticed.
TSAN	:= -fsanitize=thread
STORM	?= 20
TBUGS	:= no_lock lost_update unlock_without_release claim_without_look
TLOCKED	:= $(wildcard mm/buddy/*.c mm/page_alloc/*.c) tests/host/threads/storm.c

$(B)/t/%.o: %.c Makefile tests/host/host.mk $(B)/.flags | need-build need-test
	@mkdir -p $(@D)
	$(call say,TSANCC,$<)
	$(Q)$(HOSTCC) $(HFLAGS) $(TSAN) -MMD -MP -c $< -o $@

$(B)/t/libdaybreak.a: $(FSRC:%.c=$(B)/t/%.o)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(B)/t/storm: $(TLOCKED:%.c=$(B)/t/%.o) $(B)/t/libdaybreak.a
	$(call say,HOSTLD,$@)
	$(Q)$(HOSTCC) $(TSAN) -pthread -o $@ $^

define THREAD_BUG
$(B)/t-$(1)/%.o: %.c Makefile tests/host/host.mk $(B)/.flags | need-build need-test
	@mkdir -p $$(@D)
	$$(call say,TSANCC,$$< $(1))
	$$(Q)$$(HOSTCC) $$(HFLAGS) $$(TSAN) -DMUTATION=$(1) -MMD -MP -c $$< -o $$@

$(B)/t-$(1)/storm: $(TLOCKED:%.c=$(B)/t-$(1)/%.o) $(B)/t/libdaybreak.a
	$$(Q)$$(HOSTCC) $$(TSAN) -pthread -o $$@ $$^
endef
$(foreach bug,$(TBUGS),$(eval $(call THREAD_BUG,$(bug))))

check-threads: $(B)/t/storm $(TBUGS:%=$(B)/t-%/storm) ## the page allocator under threads and their sanitizer; STORM=thousands of operations each
	@$(KTAP) run --log $(B)/test/threads "tests/host/threads/run $(B) $(STORM) $(TBUGS)"
.PHONY: check-threads
