// Comfort on top of plain pages: nothing here is needed to get work done.
const all = (what, root = document) => [...root.querySelectorAll(what)];
const one = (what, root = document) => root.querySelector(what);

// A refused form is announced by focus, also where autofocus is not honoured.
one(".summary")?.focus();

for (const button of all("[data-dismiss]")) {
	button.hidden = false;
	button.onclick = () => button.parentElement.remove();
}

for (const button of navigator.clipboard ? all("[data-copy]") : []) {
	button.hidden = false;
	button.onclick = async () => {
		await navigator.clipboard.writeText(one("code").textContent);
		button.nextSibling.textContent = "Copied.";
	};
}

for (const button of all("[data-show]")) {
	const field = one("#" + button.dataset.show);
	const show = (yes) => {
		field.type = yes ? "text" : "password";
		button.textContent = yes ? "Hide" : "Show";
	};
	button.hidden = false;
	button.onclick = () => show(field.type === "password");
	// A shown password must not be kept by the browser as ordinary text.
	field.form.addEventListener("submit", () => show(false));
}

// Folded parts that a wide window shows: the true state, for assistive tools.
for (const part of all("[data-open-from]")) {
	const wide = matchMedia(`(min-width:${part.dataset.openFrom}px)`);
	const kept = part.open;
	(wide.onchange = () => { part.open = wide.matches || kept; })();
}

// Profile menu and search keys.
const menu = one(".menu");
const search = one("[data-search]");
const slash = search && document.body.hasAttribute("data-shortcuts");
if (slash) one("kbd").hidden = false;
addEventListener("pointerdown", (e) => {
	if (menu && !menu.contains(e.target)) menu.open = false;
});
addEventListener("keydown", (e) => {
	if (e.key === "Escape" && menu?.open) {
		menu.open = false;
		one("summary", menu).focus();
	} else if (e.key === "Escape" && e.target.type === "search") e.target.value = "";
	else if (e.key === "/" && slash && !e.ctrlKey && !e.metaKey && !e.altKey &&
		!e.target.closest("input:not([type=checkbox]),select,textarea")) {
		e.preventDefault();
		search.select();
	}
});

// Password checklist: the server's rules, told while typing.
for (const box of all(".rules")) {
	const field = one("#" + box.dataset.for);
	const fold = (text) => text.normalize("NFC").toLowerCase();
	const names = () => box.dataset.names ?? ["first_name", "last_name", "email"].map((id) => one("#" + id).value).join(" ");
	const count = (one) => field.value.split(one).length - 1;
	const counts = {
		length: () => [...field.value].length,
		uppercase: () => count(/\p{Upper}/u),
		lowercase: () => count(/\p{Lower}/u),
		numbers: () => count(/[0-9]/),
		symbols: () => [...field.value].filter((c) => box.dataset.symbols.includes(c)).length,
		names: () => field.value && !fold(names()).replace(/@\S*$/, "").split(/[^\p{Alpha}\p{N}]+/u)
			.some((it) => [...it].length > 2 && fold(field.value).includes(it)),
	};
	const lines = all("li", box);
	for (const line of lines) line.insertAdjacentHTML("afterbegin", "<span class=vh></span>");
	const tick = () => {
		for (const line of lines) {
			const met = counts[line.dataset.rule]() >= (+line.dataset.need || 1);
			line.classList.toggle("met", met);
			line.firstChild.textContent = met ? "Met: " : "Open: ";
		}
	};
	field.form.addEventListener("input", tick);
	tick();
}

// A slider and its number are one.
for (const slider of all("[data-slides]")) {
	const number = one("#" + slider.dataset.slides);
	slider.hidden = false;
	slider.oninput = () => { number.value = slider.value; };
	number.oninput = () => { slider.value = number.value; };
}

// On a phone the matrix shows one role, chosen above it.
const role = one("[data-roles]");
if (role) {
	role.parentElement.hidden = false;
	(role.onchange = () => {
		for (const it of all(".matrix tr > :nth-child(n+2)"))
			it.classList.toggle("off-role", it.cellIndex !== role.selectedIndex + 1);
	})();
}

// Pending changes of the Active boxes.
const form = one("[data-activations]");
const update = form && one("[data-update]", form);
if (update) {
	const foot = one(".foot", form);
	const status = one("[role=status]", foot);
	const boxes = all("[name=active]", form);
	let pending = 0;
	const tell = () => {
		const changed = boxes.filter((it) => it.checked !== it.defaultChecked);
		for (const it of boxes) it.closest("tr").classList.toggle("changed", changed.includes(it));
		const before = pending;
		pending = changed.length;
		// The one Update button moves, so it keeps its name and there is never a second.
		if (!before !== !pending) {
			one(pending ? ".pending" : ".bar", foot)[pending ? "append" : "prepend"](update);
			foot.classList.toggle("open");
			update.classList.toggle("go");
		}
		status.textContent = "";
		if (!pending) return;
		const head = document.createElement("b");
		head.textContent = pending === 1 ? "1 change" : pending + " changes";
		const lines = changed.slice(0, 3).map((it) => {
			const jobs = it.dataset.jobs ?? "no";
			return it.ariaLabel.slice(8) + (it.checked ? " will be activated – earlier jobs do not come back."
				: ` will be deactivated – ${jobs} ${jobs === "1" ? "job stops" : "jobs stop"}; instances are kept.`);
		});
		if (pending > 3) lines.push(`and ${pending - 3} more.`);
		status.append(head, " " + lines.join(" "));
	};
	form.addEventListener("change", tell);
	one("[data-discard]", foot).onclick = () => {
		for (const it of boxes) it.checked = it.defaultChecked;
		tell();
		update.focus();
	};
	let leaving = false;
	form.addEventListener("submit", () => { leaving = true; });
	addEventListener("pageshow", () => { leaving = false; tell(); });
	addEventListener("beforeunload", (e) => { if (pending && !leaving) e.preventDefault(); });
}

// A second press must not do a deed twice; coming back to the page makes it usable again.
const sent = new Set();
addEventListener("submit", (e) => {
	if (e.target.method !== "post") return;
	if (sent.has(e.target)) e.preventDefault();
	sent.add(e.target);
});
addEventListener("pageshow", () => sent.clear());
