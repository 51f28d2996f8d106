// What a result shows of its text: the part with most of the words that were found.
(function () {
  const { tokens, stem } = globalThis.nnTerms;

  // The part of a text with most of what was found, as pieces [text, is it to be marked?].
  globalThis.nnExcerpt = function excerpt({ text, matched }, longest = 170) {
    const found = [...text.matchAll(/[\p{L}\p{N}_]+/gu)].map((word) => ({
      start: word.index, end: word.index + word[0].length,
      forms: tokens(word[0]).map(stem).filter((form) => matched.has(form)),
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
  };
})();
