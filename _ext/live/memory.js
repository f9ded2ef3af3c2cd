/** What the reader answered to this page's questions: the part of what is kept that questions ask for. */
cnnlibExplorers.memory = {
  remember: (prompt, answer) => cnnlibKept.remember("answers", prompt, answer),
  recall: (prompt) => cnnlibKept.recall("answers", prompt),
  onForget: cnnlibKept.onForget,
};
addEventListener("DOMContentLoaded", cnnlibKept.show); // the questions are there only now
