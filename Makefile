# The few commands of this project. `make help` lists them.
PYTHON ?= python3.11
RUN := .venv/bin/python

.PHONY: help install run test check train evaluate widget rasa clean

help: ## List these commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/' | expand -t 20

install: ## Make both environments from their locks (run and test do it by themselves)
	@command -v $(PYTHON) >/dev/null || { echo "install: $(PYTHON) is not there: install Python 3.11 with venv, or run make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m launcher.bootstrap

run: install ## Start everything and print where it is
	@$(RUN) -m launcher run

test: install ## Check the code and run all tests, from units to a real browser
	@$(RUN) -m launcher test

check: install ## Lint, types, sentences and facts, and Rasa's own validation of the data
	@$(RUN) -m launcher check

train: install ## Train the model for the present data, if there is none
	@$(RUN) -m launcher train

evaluate: install ## Measure how well messages are understood and write docs/evaluation (more sets: ON=file.tsv, beside stock Rasa: STOCK=20)
	@$(RUN) -m launcher evaluate $(ON) $(if $(STOCK),--stock=$(STOCK))

widget: install ## Build the widget from its modules (needs Node; after every change in bot/web/widget)
	@$(RUN) -m launcher.widget

rasa: install ## Run a command of Rasa, for example: make rasa DO="shell"
	@$(RUN) -m launcher rasa $(DO)

clean: ## Remove environments, models and data of runs
	rm -rf .tools .venv engine/.venv models/*.tar.gz models/*.seconds var .rasa
