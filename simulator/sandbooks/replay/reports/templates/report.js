// Opens what a link points to, and every run for printing. The page reads the same without it.
function reveal() {
  var found = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!found) return;
  var first = found.matches("article") && found.querySelector("details");
  if (first) first.open = true;
  for (var node = found; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
  found.scrollIntoView();
}
addEventListener("hashchange", reveal);
addEventListener("DOMContentLoaded", reveal);
addEventListener("beforeprint", function () {
  document.querySelectorAll("article.run > details, .documents details").forEach(function (each) { each.open = true; });
});
