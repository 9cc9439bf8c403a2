# Everything here installs what it needs: python3 (>= 3.11), git and make are enough.
UV  := $(or $(shell command -v uv),.tools/bin/uv)
BIN := .venv/bin
# Trust what this machine trusts, as pip does.
export UV_SYSTEM_CERTS := 1

.PHONY: run demo test test-postgres check bench lock format migrations screenshots clean

run: .venv/ready
	$(BIN)/rubric --config config.toml serve

demo: .venv/ready
	$(BIN)/rubric --config config.toml demo

# What depends most on the database; `make test-postgres` runs everything that uses one.
ON_POSTGRES := tests/rubric/test_migrating.py tests/rubric/test_on_postgres.py \
	tests/core/test_jobs.py tests/core/test_rows.py tests/inbox/test_timelines.py \
	tests/walks/test_two_processes.py

test: .venv/ready
	$(BIN)/pytest -n auto --dist worksteal
	RUBRIC_TEST_DATABASE=wheel $(BIN)/pytest -n auto --dist worksteal $(ON_POSTGRES)

test-postgres: .venv/ready
	RUBRIC_TEST_DATABASE=$(or $(RUBRIC_TEST_DATABASE),wheel) $(BIN)/pytest -n auto --dist worksteal -m postgres

check: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/test_floors.py

format: .venv/ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/ready
	$(BIN)/python -m tests.bench $(if $(LONG),--long)

screenshots: .venv/ready
	$(BIN)/python -m tests.screenshots

migrations: .venv/ready
	$(BIN)/rubric --config config.toml makemigrations

lock: $(UV)
	$(UV) export -q --no-emit-project --no-annotate --no-header -o requirements.lock
	$(UV) export -q --no-emit-project --no-annotate --no-header --no-dev -o requirements-run.lock
	rm -f uv.lock

.venv/ready: requirements.lock pyproject.toml | $(UV)
	$(UV) venv --quiet --allow-existing .venv
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@# Compiled once now: a server that compiles at its start keeps the 5 MiB.
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/rubric --version >/dev/null
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -c "from web.render import compile_all; compile_all()"
	touch $@

.tools/bin/uv:
	python3 -m pip install --quiet --target .tools uv

clean:
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
