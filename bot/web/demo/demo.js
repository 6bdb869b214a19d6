/** Lets the page's own buttons open the chat, and ask in the customer's name what they say. */

for (const button of document.querySelectorAll("[data-chat]")) {
  button.addEventListener("click", () => {
    const chat = document.querySelector("cyber-care-chat");
    chat.open();
    if (button.dataset.chat) chat.send(button.dataset.chat);
  });
}
