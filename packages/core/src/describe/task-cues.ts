/** Tasks that words can hint at; `agent` follows from tools, and `chat` is what is left. */
export const hintedTasks = ['code', 'translation', 'summarization', 'classification', 'extraction', 'reasoning', 'writing'] as const
export type HintedTask = (typeof hintedTasks)[number]

/** A strong cue asks for the task by name; a weak one is merely common where the task is. Lower case; of Han, Kana and Hangul two characters. */
export const taskCues: Readonly<Record<HintedTask, { strong: string; weak: string }>> = {
  code: {
    strong: `python javascript typescript java kotlin golang rust php ruby sql html css bash regex algorithm refactor debug traceback stacktrace
      compile compiler unittest pytest docker kubernetes dockerfile react django numpy pandas pytorch dataframe codebase leetcode
      código programa codice quellcode programmiere programmieren код программу функцию 代码 程式 编程 函数 コー 関数 코드 함수`,
    weak: `code function class method variable array string loop import return def const let var null async api bug error exception script program
      implement function() json yaml xml git repository commit branch database query server endpoint library framework module recursion
      función fonction funktion datei 实现 算法 実装 구현`,
  },
  translation: {
    strong: `translate translation translated traduire traduis traduisez traduce traducir traduzca traduzir traduza traduci übersetze übersetzen übersetzung
      переведи переведите перевод ترجم ترجمة अनुवाद 翻译 翻譯 翻訳 번역 译成`,
    // The name of a language is no hint: most questions that hold one are about the country.
    weak: '',
  },
  summarization: {
    strong: `summarize summarise summary summarizing tldr abstract recap condense résume résumer résumez résumé resume resumen resumir resuma riassumi
      zusammenfassung zusammenfassen zusammen fasse кратко резюмируй резюме перескажи لخص ملخص सारांश 总结 概括 摘要 總結 要約 まと 요약`,
    weak: `brief briefly concise shorten takeaways highlights bullet bullets overview gist article transcript passage paragraph 概要 要点 핵심`,
  },
  classification: {
    strong: `classify classification categorize categorise sentiment label labels labeled toxicity spam intent klassifiziere klassifizieren clasifica clasificar
      classifie classifier classez классифицируй определи 分类 分類 情感 분류 감정 صنف वर्गीकृत`,
    weak: `category categories positive negative neutral topic rate rating score whether true false option options choose following yes no relevant
      which choice choices kategorie categoría catégorie категория 类别 标签 カテ`,
  },
  extraction: {
    strong: `extract extraction extracting parse ner entities extrae extraer extraire extrais extrahiere extrahieren estrai извлеки извлечь استخرج निकालें
      提取 抽取 抽出 추출`,
    weak: `identify find list fields field json csv table column columns names dates amount invoice email address document text following format
      mentioned return key keys values record records receipt 列出 找出`,
  },
  reasoning: {
    strong: `calculate compute solve prove proof equation integral derivative probability theorem polynomial triangle modulo logarithm remainder
      puzzle riddle deduce calcule calcula calcular resuelve berechne berechnen löse вычисли вычислите реши решите докажи сколько احسب
      计算 证明 求解 概率 方程 計算 証明 確率 계산 증명 확률`,
    weak: `many much total each per average percent sum twice half times hours minutes days miles km kg dollars cost costs price number numbers
      less more than left remaining step steps reason logic logical if then cuántos cuánto combien wieviele wie viel 多少 几个 几天 いく 몇`,
  },
  writing: {
    strong: `compose essay story poem haiku sonnet lyrics novel blog slogan tweet screenplay fictional narrative rewrite rephrase paraphrase proofread
      brainstorm imagine pretend roleplay persona gedicht aufsatz geschichte poema ensayo cuento historia poème rédige rédiger écris poesia
      стихотворение эссе рассказ сочини قصة قصيدة कविता कहानी निबंध 作文 写一 故事 小说 诗歌 文案 物語 小説 작문 소설 글쓰`,
    weak: `write draft letter email post caption title tone style creative character engaging persuasive formal paragraph outline speech dialogue
      introduction grammar schreibe schreib escribe escribir redacta напиши напишите اكتب लिखो 撰写 润色 邮件 書いて 작성`,
  },
}
