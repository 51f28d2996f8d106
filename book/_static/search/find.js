// Finds places of the book: `nnSearch.find("softmax derivative")`, the best first, once `nnSearch.ready`.
// Loaded, after terms.js, when a reader begins to search: see field.js. `nnPlaces` is what
// _ext/nnsearch.py has written.
(function () {
  const { STOP, ASKING, names, pieces, tokens, stem, stems, slips } = globalThis.nnTerms;
  const WEIGHTS = { heading: 6, terms: 5, title: 3, first: 2, others: 2, names: 1.5, text: 1 };
  const WORTH = { section: 1, term: 0.55, figure: 0.5, exercise: 0.3, reference: 0.25 };
  const WORTH_BY_HEADING = {
    "Check yourself": 0.4, Exercises: 0.3, "In the literature": 0.5, "What other books write": 0.5,
    "What the lectures write": 0.5, "Read on": 0.3, Summary: 0.6, "What goes wrong": 0.7, Bibliography: 0.5,
  };
  const WORTH_BY_PAGE = { "appendix/errata": 0.4 };
  const LONGEST = 4; // words of one thing, in search_words.txt
  const MOST_WORDS = 20, LONGEST_WORD = 30; // of what is typed; longer is no slip of the keys
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

  // Where a thing is introduced: under its own heading, and where it is first printed in bold, on the
  // page that the glossary names. What stands before a page's first heading only announces it.
  const key = (forms) => [...forms].sort().join(" ");
  const introduced = new Map(), homes = new Map(), bold = new Map();
  const note = (map, phrase, place) => map.set(key(stems(phrase)), [...(map.get(key(stems(phrase))) ?? []), place]);
  places.filter(({ kind, above }) => kind === "term" && above).forEach((term) => note(homes, term.heading, term.above));
  places.forEach((place) => {
    if (place.kind === "section" && place.worth === 1) note(introduced, place.heading, place.id);
    if (place.kind === "exercise" || place.worth === 1) {
      place.terms.split("; ").filter(Boolean).forEach((phrase) => note(bold, phrase, place));
    }
  });
  bold.forEach((where, phrase) => {
    const home = homes.get(phrase)?.[0], there = where.filter(({ title }) => title === home);
    const near = there.length ? there : where.filter(({ title }) => title === where[0].title);
    const first = near.find(({ above }) => above) ?? near[0];
    introduced.set(phrase, [...(introduced.get(phrase) ?? []), first.id]);
  });

  const synonyms = new Map(); // by the stems of what is typed
  words.forEach(([phrases, found]) => phrases.split(",").forEach((phrase) => {
    const typed = stems(phrase).join(" ");
    synonyms.set(typed, [...(synonyms.get(typed) ?? []), ...found.split(",").map(stems)]);
  }));

  let vocabulary; // of the book, and of the words for its words
  const ready = index.addAllAsync(places, { chunkSize: 60 }).then(() => { // the page stays alive
    vocabulary = [...new Set([...frequency.keys(), ...[...synonyms.keys()].flatMap((typed) => typed.split(" "))])];
  });

  // A word that begins none of the book's words is taken for two of them, or for the nearest.
  function corrected(form) {
    if (form.length < 4 || form.length > LONGEST_WORD || vocabulary.some((word) => word.startsWith(form))) return [form];
    if (/[a-z]{3}\d+$/.test(form)) return corrected(form.replace(/\d+$/, "")); // vgg16
    for (let i = 3; i <= form.length - 3; i += 1) {
      const two = [form.slice(0, i), form.slice(i)].map(stem);
      if (two.every((word) => frequency.get(word) > 3)) return two; // batchsize
    }
    const most = form.length < 7 ? 1 : 2;
    const near = vocabulary.filter((word) => Math.abs(word.length - form.length) <= most)
      .map((word) => ({ word, far: slips(form, word) })).filter(({ far }) => far <= most);
    near.sort((one, other) => one.far - other.far || (frequency.get(other.word) ?? 0) - (frequency.get(one.word) ?? 0));
    return [near[0]?.word ?? form];
  }

  // The forms of what is typed; what the book mostly writes as one word is taken as one.
  function read(query) {
    const typed = names(query).slice(0, MOST_WORDS), found = [], often = (word) => frequency.get(stem(word)) ?? 0;
    for (let i = 0; i < typed.length; i += 1) {
      const next = typed[i + 1] ?? "", both = typed[i] + next;
      const one = next && often(both) > Math.max(often(typed[i]), often(next)); // mini batch
      found.push(...(one ? [both] : pieces(typed[i])).map(stem));
      if (one) i += 1;
    }
    const said = found.filter((form) => !STOP.has(form)), meant = said.filter((form) => !ASKING.has(form));
    return (meant.length ? meant : said).flatMap(corrected);
  }

  // What the reader means, thing by thing; of each thing, the ways to say it.
  function meanings(typed) {
    const found = [];
    for (let start = 0; start < typed.length;) {
      let length = Math.min(LONGEST, typed.length - start);
      while (length > 1 && !synonyms.has(typed.slice(start, start + length).join(" "))) length -= 1;
      const said = typed.slice(start, start + length);
      found.push([said, ...(synonyms.get(said.join(" ")) ?? [])]);
      start += length;
    }
    return found;
  }

  // The places that have all of some words, each with its score.
  function matches(forms) {
    const own = introduced.get(key(forms)) ?? [];
    return index.search(forms.join(" "), {
      boost: WEIGHTS, combineWith: "AND", tokenize: (text) => text.split(" "), processTerm: (form) => form,
      prefix: (form) => form.length > 2,
    }).map(({ id, score, terms }) => ({ id, score: score * (own.includes(id) ? OWN : 1), terms }));
  }

  // The best places for what is typed. A place counts by what it has, the rare more than the common.
  function find(query, most = 12) {
    const found = new Map();
    let all = 0;
    const typed = read(query);
    meanings(typed).forEach(([said, ...other]) => {
      const best = new Map();
      const add = (forms, worth) => matches(forms).forEach(({ id, score, terms }) => {
        const now = best.get(id) ?? { score: 0, terms: [] };
        best.set(id, { score: Math.max(now.score, score * worth), terms: [...now.terms, ...terms] });
      });
      add(said, 1);
      other.forEach((forms) => add(forms, ALSO * said.length / forms.length)); // more words, more score
      const rarity = Math.log(1 + places.length / (1 + best.size));
      all += rarity;
      best.forEach(({ score, terms }, id) => {
        const now = found.get(id) ?? { score: 0, met: 0, terms: [] };
        found.set(id, { score: now.score + score, met: now.met + rarity, terms: [...now.terms, ...terms] });
      });
    });
    const whole = introduced.get(key(typed)) ?? introduced.get(key(stems(query))) ?? [];
    const ranked = [...found].map(([id, { score, met, terms }]) => ({ ...places[id], matched: new Set(terms),
      score: score * (met / all) ** 2 * places[id].worth * (whole.includes(id) ? WHOLE : 1) }));
    return ranked.sort((one, other) => other.score - one.score).slice(0, most);
  }

  globalThis.nnSearch = { ready, find };
})();
