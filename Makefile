# Two commands do everything: `make demo` and `make test`.
#   make check         lint, types and the fast tests, in two minutes
#   make thorough      all of which `make test` takes fixed samples, for hours
#   make demo SERVE=0   ends after the work instead of serving the pages
#   make book           builds the website only, into _build/html
#   make live           serves the website with code that runs in its pages
#   make pdf            prints the whole book, into _build/perceptron_to_convnet.pdf
#   make zip            packs the website so that it works from a disk, into _build/website.zip
#   make kernel         compiles the program that trains in the browser, with clang
#   make performance    measures docs/performance.md anew, for hours; OTTER=PYTHON names one that
#                       has otter-grader installed beside requirements.txt
#   make mutants        changes the engine a little in hundreds of ways and counts which of them the
#                       fast tests notice; an hour or more, into benchmarks/results/engine_mutants.json
#   make lock           pins requirements.in anew, exactly, into requirements.txt
# VENV names the virtual environment, PYTHON the interpreter that makes it.

VENV ?= .venv
PYTHON ?= python3
SERVE ?= 1

# one more than two cores have, since many tests wait; else one for each core
WORKERS := $(shell cores=$$(nproc 2>/dev/null || echo 2); echo $$((cores > 3 ? cores : 3)))

RUN := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed

.PHONY: demo test thorough browser lint check book live pdf zip kernel performance mutants lock clean

demo: $(INSTALLED)
	$(RUN) scripts/demo.py $(if $(filter 0,$(SERVE)),--no-serve)

test: $(INSTALLED)
	$(MAKE) --no-print-directory --jobs 2 browser lint
	# hundreds of processes import these; not all environments let Python keep what it compiles
	$(RUN) -m compileall -q autograder nncourse
	# many tests wait for a limit to be reached; the files with the longest ones start first;
	# libraries that start a thread per core would slow each other down
	OMP_NUM_THREADS=1 $(RUN) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder tests

thorough: export THOROUGH = 1
thorough: test

browser:
	scripts/system_packages.sh chromium

lint: $(INSTALLED)
	$(RUN) -m ruff check .
	$(RUN) -m codespell_lib
	$(RUN) -m mypy

check: lint
	OMP_NUM_THREADS=1 $(RUN) -m pytest -n 2 -q -m "not slow" tests

book: $(INSTALLED)
	$(RUN) scripts/build_book.py

live: book
	$(RUN) scripts/live.py

pdf: $(INSTALLED) browser
	$(RUN) scripts/make_pdf.py

zip: $(INSTALLED)
	$(RUN) scripts/make_zip.py

KERNEL := book/_static/widgets/network
kernel:
	scripts/system_packages.sh clang wasm-ld
	clang --target=wasm32 -O3 -msimd128 -mbulk-memory -fno-builtin -nostdlib \
		-fvisibility=hidden -DSOURCE_SHA256='"'$$(sha256sum $(KERNEL).c | cut -d " " -f 1)'"' \
		-Wl,--no-entry,--export-dynamic,--export=__heap_base,--strip-all \
		-o $(KERNEL).wasm $(KERNEL).c
	chmod -x $(KERNEL).wasm

performance: $(INSTALLED)
	$(RUN) benchmarks/grading.py --assignment hw2_softmax
	$(RUN) benchmarks/grading.py --assignment hw4_two_layer
	$(RUN) benchmarks/grading.py --assignment hw5_convnet --count 30
	for name in hw2_softmax hw4_two_layer hw5_convnet; do \
		$(RUN) benchmarks/grading.py --assignment $$name --count 30 --bare || exit 1; done
	for what in growth cluster book course_code tables; do $(RUN) benchmarks/$$what.py || exit 1; done

mutants: $(INSTALLED)
	$(RUN) benchmarks/engine_mutants.py

lock: $(INSTALLED)
	$(RUN) -m pip install --quiet pip-tools
	$(RUN) -m piptools compile --quiet --strip-extras --allow-unsafe --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-header --upgrade \
		--output-file requirements.txt requirements.in
	sed -i 's/+cpu$$//' requirements.txt  # any build of torch will do

$(INSTALLED): requirements.txt nncourse/pyproject.toml autograder/pyproject.toml \
		scripts/system_packages.sh
	scripts/system_packages.sh bwrap seccomp venv
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --upgrade pip
	$(RUN) -m pip install --quiet --no-compile --progress-bar on --requirement requirements.txt
	$(RUN) -m pip install --quiet --no-compile --no-deps --no-build-isolation \
		-e ./nncourse -e ./autograder
	# on all cores, which pip does not use, and without what nobody imports
	-$(RUN) -m compileall -qq -j 0 -x '/site-packages/.*/tests?/|/torch/testing/_internal/' $(VENV)/lib
	touch $@

clean:
	rm -rf _build _demo .jupyter_cache
