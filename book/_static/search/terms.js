// Words as the search compares them: one form for British and American spelling, plurals and
// common endings. Both the book's words and the reader's pass through here.
(function () {
  const STOP = new Set(`a about an and are as at be but by can could did do does for from had has have how i if in
    into is it its let me my not of on one or our should so than that the their them then there these they this to
    two use used using was we were what when where which while who whose will with would you your`.split(/\s+/));

  const IRREGULAR = {
    axes: "axis", indices: "index", matrices: "matrix", maxima: "maximum", minima: "minimum", optima: "optimum",
    vertices: "vertex", bias: "bias", chosen: "choose", learnt: "learn", data: "data", gauss: "gauss", bayes: "bayes",
  };

  // What a name such as `hw2_softmax` or CrossEntropyLoss is found by: the whole, and its parts.
  function pieces(name) {
    const parts = name.split("_").flatMap((part) => part.split(/(?<=[a-z]{2})(?=[A-Z][a-z])/)).filter(Boolean);
    return parts.length > 1 ? [name, ...parts] : [name];
  }

  function tokens(text) {
    const plain = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/['’]s\b/g, "");
    return (plain.match(/[\p{L}\p{N}_∂∇]+/gu) ?? []).flatMap(pieces);
  }

  const kept = new Map();
  function stem(word) {
    if (!kept.has(word)) kept.set(word, shortened(word.toLowerCase()));
    return kept.get(word);
  }

  function shortened(form) {
    if (IRREGULAR[form]) return IRREGULAR[form];
    if (form.length < 4 || !/^[a-z]+$/.test(form)) return form; // dW, im2col, σ
    form = form.replace(/ies$/, "y").replace(/(s|x|z|ch|sh)es$/, "$1").replace(/([^siu])s$/, "$1");
    if (IRREGULAR[form]) return IRREGULAR[form];
    form = form.replace(/([a-z]{3})our/, "$1or").replace(/tre(d?)$/, "ter").replace(/tion(al|ally)$/, "tion");
    const family = form.match(/^([a-z]{3,}?)[iy][sz](e|ed|er|ing|ation)$/); // regularise, -ization
    if (family) return `${family[1]}iz`;
    form = form.replace(/([aeiouy][a-z]*[^e])(ing|ed)$/, "$1").replace(/([ts])ion$/, "$1");
    if (form.length > 4) form = form.replace(/e$/, "");
    return form.replace(/([bdglmnprt])\1$/, "$1"); // dropped, labelled
  }

  // How many letters are missing, too many, wrong, or swapped with their neighbour.
  function slips(one, other) {
    let before = [], row = [...Array(other.length + 1).keys()];
    for (let i = 1; i <= one.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= other.length; j += 1) {
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] !== other[j - 1]));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
          next[j] = Math.min(next[j], before[j - 2] + 1);
        }
      }
      [before, row] = [row, next];
    }
    return row[other.length];
  }

  const stems = (text) => tokens(text).map(stem).filter((form) => !STOP.has(form));
  globalThis.nnTerms = { STOP, tokens, stem, stems, slips };
})();
