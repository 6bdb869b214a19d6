/** The one line a website needs (see /demo/embed.html): puts the current version of the chat on the page. */
(() => {
  const script = document.currentScript;
  const { language, server } = script.dataset;
  const place = () => {
    if (document.querySelector("cyber-care-chat")) return;
    const chat = document.createElement("cyber-care-chat");
    chat.setAttribute("language", language || document.documentElement.lang);
    if (server) chat.setAttribute("server", server);
    document.body.append(chat);
  };
  import(new URL("./current/cyber-care-chat.js", script.src)).then(place, (error) => {
    console.error("The Cyber Care chat could not be loaded.", error);
  });
})();
