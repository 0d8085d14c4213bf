# Two commands: `make run` and `make test`. The rest is for those who change Nastroi.
PYTHON ?= python3
VENV := .venv
# Processes that tests run in.
JOBS ?= 2
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
SOURCES := core bot worker ml migrations playground stack benchmarks tests

.PHONY: run test check format trainer clean model base

## run: everything on this machine, with a tour (ONCE=1 ends after it)
run: $(VENV)/run.stamp
	@$(BIN)/python -m stack $(if $(ONCE),--once)

## test: all tests; the browser's are left out, in one line, where there is no Chromium
test: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

## check: formatting, lints, types and the walls between rooms
check: $(VENV)/check.stamp
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports

## format: what `make check` asks for, done
format: $(VENV)/check.stamp
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

## trainer: what /retrain needs besides (torch, a large download); then `make run` starts it too
trainer: $(VENV)/run.stamp
	$(INSTALL) -e '.[bot,worker,playground,reader,embedded,train]'

clean:
	rm -rf $(VENV) var build *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "nastroi: Python 3.11 or newer is needed; name one: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/run.stamp: $(BIN)/python pyproject.toml constraints.txt
	$(INSTALL) -e '.[bot,worker,playground,reader,embedded]'
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp
	$(INSTALL) -e '.[bot,worker,playground,reader,embedded,train,s3,test]'
	@touch $@

$(VENV)/check.stamp: $(VENV)/test.stamp
	$(INSTALL) -e '.[bot,worker,playground,reader,embedded,train,s3,test,check]'
	@touch $@

## model: the shipped model again, from the files in DATA (about four hours; see its card)
DATA ?= ../shared/data
# Pretraining's two steps, in minutes on one core.
WORDS_MINUTES ?= 41
REPLACED_MINUTES ?= 152
TEXTS = $(DATA)/pretrain.txt.gz $(addprefix $(DATA)/,rureviews.csv community.csv goemotions_ru.csv \
	synthetic_vk.csv toxicity.csv toxic_more.csv)
LABELLED = $(DATA)/rureviews.csv $(DATA)/community.csv:5 $(DATA)/goemotions_ru.csv \
	$(DATA)/synthetic_vk.csv $(DATA)/toxicity.csv:2 $(DATA)/toxic_more.csv:0.4 \
	$(DATA)/rureviews.csv=ok:0.1 $(DATA)/synthetic_vk.csv=ok:0.1
model: base
	$(BIN)/python -m ml.train --base var/model/nastroi-tiny-base/checkpoint --name nastroi-tiny \
		--epochs 2 --seeds 1 2 --threads 1 --out var/model/nastroi-tiny-2.1 --data $(LABELLED)
	cp var/model/nastroi-tiny-2.1/* models/nastroi-tiny/

## base: the shipped base again: hidden words, then replaced ones
base: $(VENV)/test.stamp
	$(BIN)/python -m ml.pretrain --out var/model/words --minutes $(WORDS_MINUTES) --text $(TEXTS)
	$(BIN)/python -m ml.pretrain --out var/model/nastroi-tiny-base --minutes $(REPLACED_MINUTES) --text $(TEXTS) \
		--replace-with var/model/words/checkpoint
