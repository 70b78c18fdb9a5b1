"use strict";
// Takes the secret out of the address at once, so that the history of the browser does not keep it, and logs in.
(function () {
  const secret = location.hash.slice(1);
  const form = document.getElementById("link");
  if (secret !== "") {
    history.replaceState(null, "", location.pathname + location.search);
    form.elements.namedItem("secret").value = secret;
    form.submit();
  }
})();
