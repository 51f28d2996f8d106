// Finds places of the book: `nnFind("softmax derivative")`, the best first. Loaded, after terms.js,
// when a reader begins to search: see field.js. `nnPlaces` is what _ext/nnsearch.py has written.
(function () {
  const { STOP, tokens, stem, stems, slips } = globalThis.nnTerms;
  const WEIGHTS = { heading: 6, terms: 5, title: 2.5, first: 2, others: 2, names: 1.5, text: 1 };
  const WORTH = { section: 1, term: 0.55, figure: 0.5, exercise: 0.3, reference: 0.25 };
  const WORTH_BY_HEADING = { "Check yourself": 0.4, Exercises: 0.3, "In the literature": 0.5, "Read on": 0.3,
    Summary: 0.6, "What goes wrong": 0.8, Bibliography: 0.5 };
  const WORTH_BY_PAGE = { "appendix/errata": 0.4 };
  const ALSO = 0.8; // of what is found by another word than the one typed
  const OWN = 1.5; // where a thing that is typed is introduced
  const WHOLE = 2; // where all that is typed is introduced as one thing

  const { pages, places: rows, words } = globalThis.nnPlaces;
  const places = rows.map(([page, kind, anchor, number, heading, above, first, text, terms, others, names], id) => ({
    id, kind, number, heading, above, text, terms, others, names,
    first: text.slice(0, first), title: pages[page][2], chapter: pages[page].slice(1).filter(Boolean).join(". "),
    address: `${pages[page][0]}.html${anchor && `#${anchor}`}`,
    worth: (kind === "section" ? WORTH_BY_HEADING[heading] ?? 1 : WORTH[kind]) * (WORTH_BY_PAGE[pages[page][0]] ?? 1),
  }));

  const frequency = new Map();
  const index = new globalThis.MiniSearch({
    fields: Object.keys(WEIGHTS), tokenize: tokens,
    processTerm: (word) => {
      const form = stem(word);
      if (STOP.has(form)) return null;
      frequency.set(form, (frequency.get(form) ?? 0) + 1);
      return form;
    },
  });
  index.addAll(places);

  // Where a thing has its own heading, and where it is first printed in bold: it is introduced there.
  const introduced = new Map();
  places.filter(({ kind, worth }) => kind === "section" && worth === 1).forEach((place) => {
    const at = (phrase) => introduced.get(stems(phrase).join(" "));
    [place.heading, ...place.terms.split("; ")].forEach((phrase, i) => {
      if (i === 0 || !at(phrase)) introduced.set(stems(phrase).join(" "), [...(at(phrase) ?? []), place.id]);
    });
  });

  const others = new Map(); // by the stems of what is typed
  words.forEach(([typed, found]) => typed.split(",").forEach((phrase) => {
    const key = stems(phrase).join(" ");
    others.set(key, [...(others.get(key) ?? []), ...found.split(",").map(stems)]);
  }));
  const longest = Math.max(...[...others.keys()].map((key) => key.split(" ").length));
  const vocabulary = [...new Set([...frequency.keys(), ...[...others.keys()].flatMap((key) => key.split(" "))])];

  // A word that begins none of the book's words is taken for the nearest of them.
  function corrected(form) {
    const most = form.length < 4 ? 0 : form.length < 7 ? 1 : 2;
    if (!most || vocabulary.some((word) => word.startsWith(form))) return form;
    const near = vocabulary.filter((word) => Math.abs(word.length - form.length) <= most)
      .map((word) => ({ word, far: slips(form, word) })).filter(({ far }) => far <= most);
    near.sort((one, other) => one.far - other.far || (frequency.get(other.word) ?? 0) - (frequency.get(one.word) ?? 0));
    return near[0]?.word ?? form;
  }

  // What the reader means, thing by thing; of each thing, the ways to say it.
  function meanings(query) {
    const typed = stems(query).map(corrected), found = [];
    for (let start = 0; start < typed.length;) {
      let length = Math.min(longest, typed.length - start);
      while (length > 1 && !others.has(typed.slice(start, start + length).join(" "))) length -= 1;
      const said = typed.slice(start, start + length);
      found.push([said, ...(others.get(said.join(" ")) ?? [])]);
      start += length;
    }
    return found;
  }

  // The places that have all of some words, each with its score.
  function matches(forms) {
    const own = introduced.get(forms.join(" ")) ?? [];
    return index.search(forms.join(" "), {
      boost: WEIGHTS, combineWith: "AND", tokenize: (text) => text.split(" "), processTerm: (form) => form,
      prefix: (form) => form.length > 2,
    }).map(({ id, score, terms }) => ({ id, score: score * (own.includes(id) ? OWN : 1), terms }));
  }

  // The part of a text with most of what was found, as pieces [text, is it to be marked?].
  function excerpt({ text, matched }, longest = 170) {
    const found = [...text.matchAll(/[\p{L}\p{N}_∂∇]+/gu)].map((word) => ({
      start: word.index, end: word.index + word[0].length, forms: tokens(word[0]).map(stem).filter((f) => matched.has(f)),
    })).filter(({ forms }) => forms.length);
    const from = (start) => { // the beginning of the sentence, or else some words before
      const before = text.slice(0, start), sentence = before.lastIndexOf(". ") + 2;
      if (start < 90) return 0;
      return start - sentence < 90 && sentence > 1 ? sentence : before.lastIndexOf(" ", start - 50) + 1;
    };
    const within = (start) => new Set(found.filter((word) => word.start >= start && word.end <= start + longest)
      .flatMap(({ forms }) => forms)).size;
    const starts = [0, ...found.map(({ start }) => from(start))];
    const start = starts.reduce((best, next) => (within(next) > within(best) ? next : best), 0);
    const end = text.length <= start + longest ? text.length : text.lastIndexOf(" ", start + longest);
    const pieces = [[start ? "… " : "", false]];
    let at = start;
    found.filter((word) => word.start >= start && word.end <= end).forEach((word) => {
      pieces.push([text.slice(at, word.start), false], [text.slice(word.start, word.end), true]);
      at = word.end;
    });
    pieces.push([text.slice(at, end) + (end < text.length ? " …" : ""), false]);
    return pieces.filter(([piece]) => piece);
  }

  // The best places for what is typed. A place counts by what it has, the rare more than the common.
  globalThis.nnFind = function find(query, most = 12) {
    const found = new Map();
    let all = 0;
    meanings(query).forEach(([said, ...other]) => {
      const best = new Map();
      const add = (forms, worth) => matches(forms).forEach(({ id, score, terms }) => {
        const now = best.get(id) ?? { score: 0, terms: [] };
        best.set(id, { score: Math.max(now.score, score * worth), terms: [...now.terms, ...terms] });
      });
      add(said, 1);
      other.forEach((forms) => add(forms, ALSO * Math.min(1, said.length / forms.length))); // more words, more score
      const rarity = Math.log(1 + places.length / (1 + best.size));
      all += rarity;
      best.forEach(({ score, terms }, id) => {
        const now = found.get(id) ?? { score: 0, met: 0, terms: [] };
        found.set(id, { score: now.score + score, met: now.met + rarity, terms: [...now.terms, ...terms] });
      });
    });
    const whole = introduced.get(stems(query).join(" ")) ?? [];
    const ranked = [...found].map(([id, { score, met, terms }]) => ({ ...places[id], matched: new Set(terms),
      score: score * (met / all) ** 2 * places[id].worth * (whole.includes(id) ? WHOLE : 1) }));
    return ranked.sort((one, other) => other.score - one.score).slice(0, most)
      .map((place) => ({ ...place, excerpt: excerpt(place) }));
  };
})();
