# SPDX-License-Identifier: GPL-2.0-only
#
# Daybreak: one non-recursive Makefile.  `make help` lists the targets.
#
# V=1 shows commands, O=dir builds elsewhere, config.mk (ignored by git) keeps
# your own settings.  `make run` listens to CMDLINE= FW= MEM= CPU= MACHINE= INITRD=
# MAP= GRUB= ACCEL= SMP= QEMU_ARGS=; nothing of it needs a rebuild.
# ARCH=arm64 is the other kernel, in build/arm64.

MAKEFLAGS += -rR
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all
ifneq ($(filter deps,$(MAKECMDGOALS)),)
.NOTPARALLEL:				# `make -j deps run`: deps first
endif

-include config.mk

ARCH	?= x86_64
O	?= build$(if $(filter-out x86_64,$(ARCH)),/$(ARCH))
B	:= $(O)
$(if $(word 2,$(B)),$(error O= with a space in it does not work: make would see two names))
V	?= 0
JOBS	?= $(shell nproc)
Q	:= $(if $(filter 1,$(V)),,@)
quiet	:= $(findstring s,$(firstword -$(MAKEFLAGS)))
say	= $(if $(filter 1,$(V))$(quiet),@:,@printf '  %-7s %s\n' '$(1)' '$(2)')

ifeq ($(origin CC),default)
CC	:= gcc
endif
CC	?= gcc
HOSTCC	?= gcc
ifeq ($(origin LD),default)
LD	:= ld
endif
LD	?= ld
NASM	?= nasm
PYTHON	?= python3

# ---- kernel -----------------------------------------------------------------
# Readers of the device tree: only a machine that has one pays for them; the tests know them all.
DT_SRC	:= $(addprefix boot/firmware/,fdt.c of_efi.c of_fdt.c of_dma_pool.c of_numa.c of_reserved_mem.c \
	   of_stdout.c)
WARN	:= -Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes -Wstrict-prototypes \
	   -Wvla -Werror=implicit-function-declaration
DEFS	:= -DCONFIG_NUMA -DCONFIG_PHYS_ADDR_T_64BIT $(if $(MUTATION),-DMUTATION=$(MUTATION)) \
	   $(if $(MAX_PAGE_ORDER),-DMAX_PAGE_ORDER=$(MAX_PAGE_ORDER))
ISO	:= $(B)/kernel.iso
include arch/$(ARCH)/arch.mk
CFLAGS	:= -std=gnu11 -O2 -g -ffreestanding -mgeneral-regs-only $(ARCH_CFLAGS) \
	   -fno-pic -fno-pie -fno-omit-frame-pointer -fno-stack-protector \
	   -fno-asynchronous-unwind-tables -fno-strict-aliasing -fno-common $(WARN) $(DEFS) \
	   -ffile-prefix-map="$(CURDIR)/"= -I. -Iarch/include -Iarch/$(ARCH)/include
# The same image wherever it is built: no path of this machine in debug information.
CFLAGS	+= -ffile-prefix-map="$(CURDIR)"=. -ffile-prefix-map=$(B)=build
# Call traces and RET_IP must name every caller: frames in all functions, at their start.
CFLAGS	+= -fno-optimize-sibling-calls \
	   $(if $(findstring clang,$(CC)),,-fno-shrink-wrap -fno-schedule-insns2)
LDFLAGS	:= -nostdlib -static -z max-page-size=0x1000 -z noexecstack --build-id=none \
	   --no-warn-rwx-segments

ROOMS	:= boot boot/firmware boot/$(ARCH) kernel kernel/lib mm $(wildcard mm/*/.) arch/$(ARCH) \
	   $(wildcard arch/$(ARCH)/*/.) tests/kernel tests/kernel/$(ARCH)
KSRC	:= $(filter-out $(ARCH_WITHOUT),$(foreach room,$(ROOMS:/.=),$(wildcard $(room)/*.c)))
KASM	:= $(wildcard $(addprefix boot/$(ARCH)/*.,asm S) $(addprefix arch/$(ARCH)/*.,asm S))
KOBJ	:= $(KSRC:%.c=$(B)/k/%.o) $(KASM:%=$(B)/k/%.o)

all: $(B)/kernel.elf ## build the kernel

# The names of missing packages instead of a strange error; costs 5 ms.
need-%:
	@scripts/deps need $*

# Rewritten when flags change (another MUTATION, another compiler): all objects follow.
FLAGS	:= $(CC) $(CFLAGS) $(HOSTCC) $(MUTATION)
$(B)/.flags: force
	@mkdir -p $(@D)
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' > $@

# What runs once, or waits for a person, is built small: the image must leave GRUB room in
# 4 MiB.  What is measured -- memblock's search and arrays, the buddy, page tables -- is not on
# this list.
SMALL	:= $(filter boot/% tests/kernel/%,$(KSRC)) $(wildcard kernel/*.c) \
	   $(filter-out %/string.c,$(wildcard kernel/lib/*.c)) \
	   $(filter-out %/direct_map.c %/pagetable.c %/paging.c %/mmu.c,$(filter arch/%,$(KSRC))) \
	   $(filter $(addprefix %/,buddy_check.c buddy_exact.c cma.c crash.c early_room.c free_area.c hugetlb.c hugetlb_cma.c \
		hugetlb_param.c ledger.c ledger_find.c ledger_print.c ledger_sum.c memblock.c \
		memblock_debug.c memblock_event.c memblock_limit.c \
		memblock_numa.c memblock_param.c memtest.c mm_init.c mm_monitor.c movable.c \
		node.c numa_distance.c numa_emulation.c numa_memblks.c numa_meminfo.c page_bad.c \
		page_contig.c page_fallback.c page_owner.c page_state.c page_wipe.c ram_check.c \
		release.c reserve_mem.c system_hash.c totalram.c vmstat.c why.c why_print.c zone.c zone_policy.c),$(KSRC))
$(SMALL:%.c=$(B)/k/%.o): SIZE := -Os
SIZE	:= $(if $(findstring clang,$(CC)),-Oz)	# clang's -O2 unrolls until nothing fits

$(B)/k/%.o: %.c Makefile arch/$(ARCH)/arch.mk $(B)/.flags | need-$(BUILD_DEPS)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS) $(SIZE) -MMD -MP -c $< -o $@

$(B)/k/%.asm.o: %.asm Makefile | need-build
	@mkdir -p $(@D)
	$(call say,NASM,$<)
	$(Q)$(NASM) -f elf64 -g -F dwarf -I. -MD $(@:.o=.d) -o $@ $<

$(B)/k/%.S.o: %.S Makefile $(B)/.flags | need-$(BUILD_DEPS)
	@mkdir -p $(@D)
	$(call say,AS,$<)
	$(Q)$(CC) $(CFLAGS) -MMD -MP -c $< -o $@

# An include that goes up a floor stops the build (mm/README.md, "Rooms and walls").
$(B)/.layers: scripts/check-layers $(wildcard scripts/layerslib/*.py *.md */*.md */*/*.md) $(KSRC) $(KASM) \
		$(wildcard */*.h */*/*.h */*/*/*.h */*/*/*/*.h */*/*/*/*/*.h)
	@mkdir -p $(@D)
	$(Q)$(PYTHON) scripts/check-layers --quiet && touch $@

# Symbols are embedded by linking three times: the first table has no symbols, the second has the
# final size, the third the final addresses; scripts/ksyms writes them (see its head).
ksyms_o	= $(PYTHON) scripts/ksyms $(2) $(B)/ksyms$(1).c && $(CC) $(CFLAGS) -c $(B)/ksyms$(1).c -o $(B)/ksyms$(1).o
link	= $(LD) $(LDFLAGS) $(LDFLAGS_KERNEL) -T $(LINKER_LD) -o $(1) $(KOBJ) $(2)

$(B)/kernel.elf: $(KOBJ) $(KERNEL_NEEDS) $(LINKER_LD) scripts/ksyms | need-$(BUILD_DEPS) $(B)/.layers
	$(call say,LD,$@)
	$(Q)$(call ksyms_o,0,--empty) && $(call link,$(B)/kernel.pass0,$(B)/ksyms0.o) && \
		$(call ksyms_o,1,$(B)/kernel.pass0) && $(call link,$(B)/kernel.pass1,$(B)/ksyms1.o) && \
		$(call ksyms_o,2,$(B)/kernel.pass1) && $(call link,$@,$(B)/ksyms2.o) && \
		$(PYTHON) scripts/ksyms --verify $@ $(B)/ksyms2.c

# The image as it lies in memory, zeroes of .bss included: who loads bzImage clears nothing.
BSS	:= .init.bss32 .init.bss .bss
$(B)/kernel.bin: $(B)/kernel.elf scripts/balance
	$(Q)$(OBJCOPY) -O binary $(BSS:%=--set-section-flags %=alloc,load,contents) $< $@ && \
		$(PYTHON) scripts/balance $@

# The EFI stub: its own little program, anywhere in memory, which no kernel.elf has in it.
EFI_SRC	:= $(wildcard boot/efi/*.c boot/$(ARCH)/efi/*.c) boot/boot_info_efi.c $(EFI_MORE) \
	   $(addprefix kernel/lib/,string.c strutil.c vsnprintf.c)
EFI_ASM	:= $(wildcard boot/$(ARCH)/efi/*.asm boot/$(ARCH)/efi/*.S)
EFI_OBJ	:= $(EFI_SRC:%.c=$(B)/e/%.o) $(EFI_ASM:%=$(B)/k/%.o)
EFI_CFLAGS = $(filter-out -fno-pic -mcmodel=kernel -O2,$(CFLAGS)) -Os -fpic -fvisibility=hidden \
	   -ffunction-sections -fdata-sections -fno-jump-tables

$(B)/e/%.o: %.c Makefile arch/$(ARCH)/arch.mk $(B)/.flags | need-$(BUILD_DEPS)
	@mkdir -p $(@D)
	$(call say,EFICC,$<)
	$(Q)$(CC) $(EFI_CFLAGS) -MMD -MP -c $< -o $@

$(B)/efi-stub.elf: $(EFI_OBJ) boot/efi/stub.ld
	$(call say,LD,$@)
	$(Q)$(LD) $(LDFLAGS) --no-relax --gc-sections -T boot/efi/stub.ld -o $@ $(EFI_OBJ)

$(B)/efi-stub.bin: $(B)/efi-stub.elf
	$(Q)$(OBJCOPY) -O binary $< $@

bzImage: $(B)/bzImage ## build the image for loaders of Linux: GRUB's `linux`, kexec, QEMU's -kernel
$(B)/bzImage: boot/$(ARCH)/bzimage/setup.asm boot/$(ARCH)/entry.inc $(B)/kernel.bin $(B)/efi-stub.bin
	$(call say,BZIMAGE,$@)
	$(Q)$(NASM) -f bin -I. -I$(B)/ -o $@ $<

# The flat file that begins with the header of the boot protocol, and the EFI stub behind it.
$(B)/Image: $(B)/kernel.elf $(B)/efi-stub.bin
	$(call say,IMAGE,$@)
	$(Q)$(OBJCOPY) -O binary -R .got.plt $< $@ && cat $(B)/efi-stub.bin >> $@

# GRUB also loads debug sections and symbols into RAM: the image on the disc has none.  A module
# that it must read from the disc stays cut up among 32 KiB pieces of its disc cache, and with
# 4 MiB the largest free piece was 736 KiB; what every boot needs is part of GRUB's own image.
GRUB_MODULES := normal serial terminal smbios test true echo sleep halt eval multiboot2
iso: $(ISO) ## build the hybrid BIOS + UEFI boot image (dd it to a stick, too)
$(ISO): $(B)/kernel.elf $(B)/bzImage iso/grub.cfg | need-iso
	$(call say,ISO,$@)
	$(Q)grub-file --is-x86-multiboot2 $< || { echo '$<: no valid multiboot2 header'; exit 1; }
	$(Q)rm -rf $(B)/iso && mkdir -p $(B)/iso/boot/grub $(B)/iso/linux && cp iso/grub.cfg $(B)/iso/boot/grub/ && \
		$(OBJCOPY) -S $< $(B)/iso/boot/kernel.elf && cp $(B)/bzImage $(B)/iso/linux/
	$(Q)grub-mkrescue --modules="$(GRUB_MODULES)" -o $@ $(B)/iso >$(B)/grub-mkrescue.log 2>&1 || \
		{ cat $(B)/grub-mkrescue.log; exit 1; }

# ---- run --------------------------------------------------------------------
FW	?= bios
MEM	?= 128M
ACCEL	?= tcg
GDB_PORT ?= 1234
# memmap=1M$0x100000 is meant as written: neither make nor the shell may expand it.
quoted	= '$(subst ','\'',$(value $(1)))'
RUN	= $(PYTHON) scripts/run-qemu --build $(B) --arch $(ARCH) --fw $(FW) --mem $(MEM) --accel $(ACCEL) \
	  --cpu '$(CPU)' --machine '$(MACHINE)' --cmdline $(call quoted,CMDLINE) \
	  --grub $(call quoted,GRUB) --initrd '$(INITRD)' --map '$(MAP)' --smp '$(SMP)'

LAST	?= $(shell test -s $(B)/trace.jsonl && echo $(B)/trace.jsonl || echo $(B)/boot.log)
map: ## picture of the last boot: bars here, $(B)/map.svg to paste
	@$(PYTHON) scripts/memmap.py svg $(LAST) -o $(B)/map.svg && $(PYTHON) scripts/memmap.py show $(LAST)

timeline: ## the last boot as a film: $(B)/map.html, offline
	@$(PYTHON) scripts/memmap.py html $(LAST) -o $(B)/map.html

# `make deps run` fetches what a boot needs, `make deps` and `make deps test` everything.
DEPS	:= $(if $(filter run map timeline iso monitor sim,$(MAKECMDGOALS)),$(if \
	   $(filter test check%,$(MAKECMDGOALS)),,$(RUN_GROUPS)))
deps: ## install the Debian packages that are missing (or print the line that does)
	@scripts/deps install $(DEPS)
	$(if $(filter check-linux-suite,$(MAKECMDGOALS)),@scripts/deps install linux m32)

run: $(IMAGE) | need-$(RUN_DEPS) ## one whole boot on this terminal, then a verdict
	$(Q)$(RUN) -- $(QEMU_ARGS)

debug: $(IMAGE) | need-$(RUN_DEPS) ## the same, waiting for `make gdb` in another terminal
	@echo "QEMU waits; in another terminal: make gdb$(if $(filter-out 1234,$(GDB_PORT)), GDB_PORT=$(GDB_PORT))"
	$(Q)$(RUN) --stay --gdb $(GDB_PORT) -- $(QEMU_ARGS)

gdb: $(B)/kernel.elf | need-$(GDB_DEPS) ## GDB on `make debug`, stopped at start_kernel; knows Linux's names
	$(Q)printf 'import gdb\ngdb.execute("source scripts/gdb/daybreak.py")\n' > $(B)/kernel.elf-gdb.py
	$(GDB) -q -iex 'add-auto-load-safe-path $(B)' -ex 'target remote 127.0.0.1:$(GDB_PORT)' \
		-x scripts/gdb/start.gdb $<

monitor: $(IMAGE) | need-$(RUN_DEPS) ## boot to the prompt on this terminal (quit ends, Ctrl-C kills)
	$(Q)$(RUN) --stay -- $(QEMU_ARGS)

# ---- host tests, fuzzing: tests/host/host.mk ------------------------------------
KTAP	:= $(PYTHON) scripts/ktap
ifeq ($(ARCH),x86_64)
include tests/host/host.mk
include tests/host/memblock.mk
include tests/proofs/proofs.mk
endif

# ---- the whole system -------------------------------------------------------
# CASES="bios pvh-*" runs only these; CASE_ARGS=--keep keeps logs of passes.
CASE_RUN = $(PYTHON) tests/qemu/run --build $(B) --log $(B)/test/qemu $(CASE_ARGS) $(CASES)

arm64-image: | need-arm64 need-run-arm64 need-debug-arm64
	@$(MAKE) --no-print-directory ARCH=arm64 O=$(B)/arm64 $(B)/arm64/Image

ifeq ($(ARCH),x86_64)
check-qemu: $(if $(or $(findstring arm64,$(CASES)),$(if $(CASES),,all)),arm64-image)
check-qemu: $(ISO) | need-run need-test ## boot every tests/qemu/*.case, two at a time
	@$(CASE_RUN)
else
check-qemu:
	@$(MAKE) --no-print-directory ARCH=x86_64 O=$(B:%/$(ARCH)=%) CASES='$(or $(CASES),$(ARCH)*)' $@
endif

# Boots that nobody wrote; boot N is the same each time.  FUZZ_BOOTS=1 FUZZ_SEED=N: that one again.
FUZZ_BOOTS ?= 500
FUZZ_SEED ?= 1
BOOT_FUZZ = $(PYTHON) tests/qemu/run --build $(B) --log $(B)/test/fuzz-boot --random

fuzz-boot: $(B)/kernel.elf | need-run need-test ## FUZZ_BOOTS=500 random machines from FUZZ_SEED=1 on
	@$(BOOT_FUZZ) $(FUZZ_BOOTS) --seed $(FUZZ_SEED)

fuzz-boot-short: $(B)/kernel.elf | need-run need-test
	@$(BOOT_FUZZ) 40

check-twins: $(IMAGE) | need-$(RUN_DEPS) need-test ## Linux 6.12 and ours in QEMU (TWINS="--random 50")
	@tests/qemu/twins --arch $(ARCH) --build $(B) $(TWINS)

golden: $(ISO) | need-run ## rewrite tests/qemu/golden/ from what the kernel says now
	@$(CASE_RUN) --golden

check-scripts: | need-test ## tests of the host-side tools
	@rm -rf $(B)/test/scripts && $(KTAP) run -j $(JOBS) --log $(B)/test/scripts \
		$(wildcard tests/scripts/*_test.py)

check: check-host check-qemu ## check-host, then check-qemu

# Everything, to the end, whatever fails; the summary is the last line.
SUITES	= lint check-scripts check-proofs check-host check-memblock check-host-clang check-doubt \
	  check-threads check-differential fuzz-short check-amalgamation check-qemu fuzz-boot-short check-replay
test: | need-build need-iso need-run need-test ## every test there is, one summary
	@rm -rf $(B)/test; mkdir -p $(B)/test
	@for suite in $(SUITES); do echo "== $$suite"; \
		$(MAKE) --no-print-directory -k -j$(JOBS) $$suite || \
		! $(KTAP) sum $(B)/test >/dev/null 2>&1 || \
		echo "not ok 1 make $$suite" > $(B)/test/suite-$$suite.ktap; done; \
	$(KTAP) sum $(B)/test

bench: ## benchmarks, with fixed instruction counting where possible
	@for b in $(wildcard scripts/bench*); do $$b --build $(B) || exit 1; done

lint: $(KOBJ) | need-build ## walls, references, state, lengths; the number of variables
	@B='$(B)' scripts/check-layers --variables
	@B='$(B)' $(KTAP) run --log $(B)/test/lint scripts/check-layers

format: | need-format ## clang-format what differs from main (whole files: FILES=...)
	clang-format -i $(or $(FILES),$(shell git diff --name-only --diff-filter=d main -- '*.c' '*.h'))

compile_commands.json: Makefile | need-build ## for clangd and friends
	@$(PYTHON) scripts/compdb '$(CC) $(CFLAGS)' $(KSRC) > $@ && echo "  GEN     $@"

clean: ## remove build/
	rm -rf $(B)

help: ## list targets
	@sed -n 's/^\([a-z_.-]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | sed 's|$$(B)|$(B)|' | expand -t 24
	@echo 'ARCH=arm64: the same kernel for arm64 (all, run, debug, gdb, monitor, map, timeline, check-twins); FW=efi-stub|efi-disc'
	@echo 'variables of run, debug, monitor: CMDLINE= MEM= CPU= MACHINE= INITRD= MAP= GRUB= ACCEL= SMP=N QEMU_ARGS='
	@echo '  FW=bios|uefi|pvh|linux|linux-bios|linux-uefi|efi-stub|efi-disc|efi-shell|efi-chain|kexec|kexec-file; of all: V=1 O=dir CC=clang'
	@echo '  MAX_PAGE_ORDER=6..10; config.mk keeps your own'
	@echo 'where things are: README.md; the rooms of mm/, the walls, the laws: mm/README.md'

-include $(shell find $(B)/k $(B)/e $(B)/h $(B)/f $(B)/b $(B)/s $(B)/t $(B)/t-* -name '*.d' 2>/dev/null)
.PHONY: all bzImage monitor map timeline check-scripts iso deps run debug gdb check check-qemu golden test bench arm64-image \
	lint fuzz-boot fuzz-boot-short check-twins \
	format clean help force compile_commands.json
.SECONDARY:
