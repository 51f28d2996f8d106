// Words as the search compares them: one form for British and American spelling, plurals and
// common endings. Both the book's words and the reader's pass through here.
(function () {
  const IRREGULAR = new Map(Object.entries({
    axes: "axis", indices: "index", matrices: "matrix", maxima: "maximum", minima: "minimum", optima: "optimum",
    vertices: "vertex", bias: "bias", chosen: "choose", learnt: "learn", logits: "logits", data: "data",
    gauss: "gauss", bayes: "bayes",
  }));

  const remembered = (work) => {
    const known = new Map();
    return (word) => known.get(word) ?? known.set(word, work(word)).get(word);
  };

  // What a name such as `hw2_softmax` or CrossEntropyLoss is found by: the whole, and its parts.
  const pieces = remembered((name) => {
    const parts = name.split("_").flatMap((part) => part.split(/(?<=[a-z]{3})(?=[A-Z][a-z])/)).filter(Boolean);
    return parts.length > 1 ? [name, ...parts] : [name];
  });

  function names(text) {
    const plain = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/['’]s\b/g, "");
    return plain.match(/[\p{L}\p{N}_]+/gu) ?? [];
  }

  const tokens = (text) => names(text).flatMap(pieces);

  const stem = remembered((word) => {
    let form = word.toLowerCase();
    if (IRREGULAR.has(form)) return IRREGULAR.get(form);
    if (form.length < 4 || !/^[a-z]+$/.test(form)) return form; // dW, im2col, σ
    form = form.replace(/ies$/, "y").replace(/(s|x|z|ch|sh)es$|([^siu])s$/, "$1$2");
    if (IRREGULAR.has(form)) return IRREGULAR.get(form);
    form = form.replace(/([a-z]{3})our/, "$1or").replace(/t(?:re|red)$/, "ter").replace(/tion(al|ally)$/, "tion");
    const family = form.match(/^([a-z]{3,}?)[iy][sz](e|ed|er|ing|ation)$/); // regularise, -ization
    if (family) return `${family[1]}iz`;
    form = form.replace(/([a-z]{4})ity$/, "$1").replace(/([ts])ion$/, "$1");
    const without = form.replace(/([aeiouy][a-z]*[^e])(ing|ed)$/, "$1");
    if (without !== form && /^[a-z]?[^aeiou][aeiouy][^aeiouwxy]$/.test(without)) return `${without}e`; // graded, scaling
    form = without.length > 5 ? without.replace(/e$/, "") : without;
    return form.length > 3 ? form.replace(/([bdglmnprt])\1$/, "$1") : form; // dropped, labelled
  });

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

  const STOP = new Set(`a about an and are as at be but by can could did do does for from had has have how i if in into
    is it its let me my not np of on one or our plt should so than that the their them then there these they this to two
    use used using was we were what when where which while who whose will with would you your`.split(/\s+/).map(stem));
  // Said of what is asked, and seldom of what is looked for.
  const ASKING = new Set("between define definition explain explanation formula vs work".split(" ").map(stem));

  const stems = (text) => names(text).map(stem).filter((form) => !STOP.has(form));
  globalThis.nnTerms = { STOP, ASKING, names, pieces, tokens, stem, stems, slips };
})();
