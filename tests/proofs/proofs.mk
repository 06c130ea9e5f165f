# SPDX-License-Identifier: GPL-2.0-only
#
# Part of the Makefile: proofs of the contracts in the sources (tests/proofs/README.md).

PROVE	:= tests/proofs/run --build $(B)
BITS	:= tests/proofs/bits --build $(B)

# What machine code is compared needs no prover.
$(B)/test/proofs/code.ktap: force | need-build
	@rm -rf $(B)/test/proofs && mkdir -p $(B)/test/proofs
	@$(PROVE) --code '$(CC) $(CFLAGS)' >$@ || { cat $@; exit 1; }

# One after the other: each uses all processors.  `ktap sum`: nothing but skips is no failure.
PROVERS	= -@$(KTAP) run -j 1 --timeout 7200 --log $(B)/test/proofs
proofs: $(B)/test/proofs/code.ktap | need-test ## prove the contracts in the sources; skipped without Frama-C
	$(PROVERS) "$(BITS)" "$(PROVE)"
	$(PROVERS)/mutants "$(PROVE) --mutants"
	@grep -h 'goals\|claims' $(B)/test/proofs/*.ktap; $(KTAP) sum $(B)/test/proofs

check-proofs: $(B)/test/proofs/code.ktap | need-test ## the quick ones, and that annotations change no code
	$(PROVERS) "$(BITS)" "$(PROVE) --quick"
	@$(KTAP) sum $(B)/test/proofs
.PHONY: proofs check-proofs
