# Huying: `make run` starts a town to look at, `make test` proves it works. `make` lists everything else.
# Written for GNU make 3.81 (macOS) and newer.

PYTHON_BIN := .venv/bin/python
HUYING := .venv/bin/huying
PYTEST = $(PYTHON_BIN) -m pytest -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder
RUN_STAMP := .venv/.stamp-run
DEV_STAMP := .venv/.stamp-dev
TOOLS_STAMP := .venv/.stamp-tools

# Debian packages the browser tests need: the browser, Chinese type, and the compiler of translations.
TEST_PACKAGES := chromium fonts-noto-cjk gettext
# Test processes; make test TEST_PROCESSES=0 runs in one, which debuggers like.
TEST_PROCESSES ?= auto
# Further words for pytest: make test ARGS="-k clocks"
ARGS ?=

# Where Python may keep no compiled code, each test process compiles all tests anew, and each town all code.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run demo stop test walks check fast lint types layers format assets messages lock docs screens \
	bench bench-intake bench-lists bench-desk bench-board bench-memory bench-triage bench-places bench-twins bench-hot-live bench-insight clean distclean

help: ## List what can be made
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(RUN_STAMP) ## Prepare .venv with .venv/bin/huying in it, from the locked requirements

# The stamps of a clone that was copied or renamed speak of another place.
ifeq ($(shell grep -lF "$(realpath .)/.venv" .venv/bin/activate 2>/dev/null),)
.PHONY: $(RUN_STAMP) $(DEV_STAMP)
endif

$(RUN_STAMP): requirements.lock requirements-build.lock pyproject.toml scripts/bootstrap.sh
	sh scripts/bootstrap.sh run
	@touch $@

$(DEV_STAMP): requirements-dev.lock pyproject.toml scripts/bootstrap.sh
	sh scripts/bootstrap.sh dev
	@touch $@ $(RUN_STAMP)

# Named, not fatal, when they cannot be installed: most tests need none of them, and those that do say so.
$(TOOLS_STAMP): $(DEV_STAMP)
	@sh scripts/need.sh $(TEST_PACKAGES) && touch $@ || echo "Going on without; tests that need them will say so."

run: setup ## Start the demo town on http://127.0.0.1:8000 (HUYING_PORT, HUYING_DATA_DIR)
	HUYING_DEMO=$${HUYING_DEMO:-1} $(HUYING) demo
	HUYING_DEMO=$${HUYING_DEMO:-1} $(HUYING) run

demo: setup ## Fill the demo town without starting it
	HUYING_DEMO=$${HUYING_DEMO:-1} $(HUYING) demo

stop: setup ## Stop the town and its database
	$(HUYING) stop

test: $(DEV_STAMP) $(TOOLS_STAMP) ## Install what tests need and run them all
	$(PYTEST) $(ARGS)

walks: $(DEV_STAMP) ## A thousand long walks through all moves of cases, instead of twenty: for a night
	nice -n 15 $(PYTHON_BIN) -m pytest -q -n 0 --hypothesis-profile=wide huying/cases/tests/test_machine.py $(ARGS)

check: lint types layers fast ## The first loop while working: static checks and tests without a database, under a minute

fast: $(DEV_STAMP)
	$(PYTEST) -q -m "not database and not slow and not journey and not fault" $(ARGS)

lint: $(DEV_STAMP) ## Style: ruff's rules and its layout
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: $(DEV_STAMP) ## Types: mypy, strict
	.venv/bin/mypy huying

layers: $(DEV_STAMP) ## Layers: imports go down only
	.venv/bin/lint-imports

format: $(DEV_STAMP) ## Lay out the code as `make lint` wants it
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

assets: $(DEV_STAMP) ## Fetch and build the scripts and styles that are kept in the repository
	$(PYTHON_BIN) assets/build.py $(ARGS)

messages: $(DEV_STAMP) ## Collect and compile the texts of all languages
	$(PYTHON_BIN) scripts/messages.py $(ARGS)

lock: $(DEV_STAMP) ## Write the lock files anew (make lock ARGS=--upgrade for the newest versions)
	sh scripts/lock.sh $(ARGS)

docs: $(DEV_STAMP) ## Write the generated reference pages anew
	$(PYTHON_BIN) scripts/reference.py $(ARGS)

screens: $(DEV_STAMP) ## Pictures of every page of the running demo town, and what looks wrong on them
	$(PYTHON_BIN) scripts/screens.py $(ARGS)

bench: bench-intake bench-places bench-lists bench-desk bench-board bench-memory bench-triage bench-twins bench-insight ## All benchmarks

bench-intake: $(DEV_STAMP) ## Requests a second through the whole pipe, against pgbench on the same machine
	$(PYTHON_BIN) bench/intake.py $(ARGS)

bench-places: $(DEV_STAMP) ## How well and how fast places are read, on 500 written addresses
	$(PYTHON_BIN) bench/places.py $(ARGS)

bench-lists: $(DEV_STAMP) ## Inbox and search at 10,000, 100,000 and 1,000,000 cases
	$(PYTHON_BIN) bench/lists.py $(ARGS)

bench-desk: $(DEV_STAMP) ## 200 members of staff at work on 1,000,000 cases, 20 requests a second
	$(PYTHON_BIN) bench/desk.py $(ARGS)

bench-board: $(DEV_STAMP) ## The duty board and its rolling counts at 1,000,000 cases
	$(PYTHON_BIN) bench/board.py $(ARGS)

bench-memory: $(DEV_STAMP) ## Peak memory of the whole demo: database, web, worker
	$(PYTHON_BIN) bench/memory.py $(ARGS)

bench-triage: $(DEV_STAMP) ## Accuracy, honesty and speed of judging texts, beside plain TF-IDF and LinearSVC
	PYTHONPATH=. $(PYTHON_BIN) bench/triage.py $(ARGS)

bench-insight: $(DEV_STAMP) ## How whole, pure and fast hot spots are found, beside DBSCAN and HDBSCAN
	$(PYTHON_BIN) bench/insight.py $(ARGS)

bench-twins: $(DEV_STAMP) ## How surely twins are told from look-alikes, and the search among 1,000,000 marks
	PYTHONPATH=. $(PYTHON_BIN) bench/twins.py $(ARGS)

bench-hot-live: $(DEV_STAMP) ## How long a new appeal takes to update its matter among 1,000,000
	PYTHONPATH=. $(PYTHON_BIN) bench/hot_live.py $(ARGS)

clean: ## Remove caches and the test database; the town in ./var stays
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis var/test-postgres
	find huying tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean ## Remove .venv as well
	rm -rf .venv
