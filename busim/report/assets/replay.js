"use strict";
// The moving map: reads the day from the page, draws it for any moment, and lets time run.
(() => {
  const day = JSON.parse(document.getElementById("day").textContent);
  const root = document.getElementById("replay");
  const find = (name) => root.querySelector(name);
  const canvas = find("canvas"), pen = canvas.getContext("2d");
  const STATES = {
    driving_riders: ["#0072B2", "driving with riders"], driving_empty: ["#E69F00", "driving empty"],
    serving: ["#56B4E9", "serving"], waiting: ["#F0E442", "waiting"], idle: ["#BBBBBB", "idle"],
    queueing: ["#D55E00", "queueing for a plug"], charging: ["#009E73", "charging"],
  };
  const WAITING = "#CC79A7", REFUSED = "#D55E00";
  const ROADS = { motorway: ["#E6C4B4", 3.4], trunk: ["#EFD9BF", 3], primary: ["#F1E2B4", 2.6], secondary: ["#FFFFFF", 2.2] };
  const AREAS = { water: "#A9D0E8", park: "#D3E6C3", campus: "#F3E6C4", industrial: "#E4E1EA", restricted: "#EBDCDC" };
  const HAS_CHINESE = (() => { // without a font for them, all letters look the same: boxes
    const looks = ["\u57ce", "\u5e02"].map((letter) => {
      const sheet = document.createElement("canvas"); sheet.width = sheet.height = 20;
      const to = sheet.getContext("2d"); to.font = "16px system-ui, sans-serif"; to.fillText(letter, 1, 16);
      return sheet.toDataURL();
    });
    return looks[0] !== looks[1];
  })();
  const FLASH_S = 120; // how long a refusal stays on the map

  // --- what is where at a moment ---------------------------------------------------------------------------------
  const lastAtOrBefore = (rows, time) => { // rows sorted by their first column
    let low = 0, high = rows.length;
    while (low < high) { const mid = (low + high) >> 1; if (rows[mid][0] <= time) low = mid + 1; else high = mid; }
    return low - 1;
  };
  const line = (leg) => { // the leg's polyline with running lengths, made once
    if (leg.line) return leg.line;
    const points = [];
    for (const edge of leg[4]) {
      const flat = day.roads[edge][1];
      for (let i = points.length ? 2 : 0; i < flat.length; i += 2) points.push([flat[i], flat[i + 1]]);
    }
    const along = [0];
    for (let i = 1; i < points.length; i++) along.push(along[i - 1] + Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]));
    return (leg.line = { points, along });
  };
  const onLeg = (leg, time) => {
    const { points, along } = line(leg);
    if (points.length < 2) return day.nodes[leg[3]];
    const want = along[along.length - 1] * (time - leg[0]) / Math.max(1, leg[1] - leg[0]);
    let i = 1;
    while (i < along.length - 1 && along[i] < want) i++;
    const share = (want - along[i - 1]) / Math.max(1e-9, along[i] - along[i - 1]);
    return [0, 1].map((k) => points[i - 1][k] + share * (points[i][k] - points[i - 1][k]));
  };
  const busAt = (bus, time) => {
    const at = lastAtOrBefore(bus.states, time), state = at < 0 ? null : bus.states[at];
    const name = state && time < state[1] ? day.states[state[2]] : null; // null: off shift
    const k = lastAtOrBefore(bus.legs, time), leg = k < 0 ? null : bus.legs[k];
    const driving = leg !== null && time < leg[1];
    const where = leg === null ? day.nodes[bus.node] : driving ? onLeg(leg, time) : day.nodes[leg[3]];
    const charge = bus.charge[Math.min(bus.charge.length - 1, Math.max(0, Math.round((time - day.start) / day.chargeStep)))];
    return { name, where, driving, aboard: driving ? leg[2] : null, charge };
  };

  // --- view --------------------------------------------------------------------------------------------------------
  const view = { x: 0, y: 0, scale: 1 };
  let now = day.start, playing = false, chosen = null, still = null;
  const whole = () => {
    const [west, south, east, north] = day.extent;
    view.scale = Math.min(canvas.clientWidth / (east - west), canvas.clientHeight / (north - south));
    view.x = (west + east) / 2; view.y = (south + north) / 2; still = null;
  };
  const px = (x) => (x - view.x) * view.scale + canvas.clientWidth / 2;
  const py = (y) => (view.y - y) * view.scale + canvas.clientHeight / 2;
  const trace = (to, flat) => { for (let i = 0; i < flat.length; i += 2) i ? to.lineTo(px(flat[i]), py(flat[i + 1])) : to.moveTo(px(flat[i]), py(flat[i + 1])); };

  const drawStill = () => { // all that does not move, kept as a picture until the view changes
    const ratio = window.devicePixelRatio || 1;
    still = document.createElement("canvas");
    still.width = canvas.width = Math.round(canvas.clientWidth * ratio);
    still.height = canvas.height = Math.round(canvas.clientHeight * ratio);
    const to = still.getContext("2d");
    to.scale(ratio, ratio);
    for (const [kind, ring] of day.areas) { to.fillStyle = AREAS[kind]; to.beginPath(); trace(to, ring); to.closePath(); to.fill(); }
    to.lineCap = to.lineJoin = "round";
    const grow = Math.min(2.2, Math.max(0.7, view.scale * 14));
    for (const casing of [true, false]) for (const [kind, flat] of day.roads) {
      const [colour, width] = ROADS[day.classes[kind]] || ["#FFFFFF", 1.5];
      to.strokeStyle = casing ? "#C9C4BA" : colour;
      to.lineWidth = width * grow + (casing ? 1.2 : 0);
      to.beginPath(); trace(to, flat); to.stroke();
    }
    to.font = "11px system-ui, sans-serif"; to.textBaseline = "middle";
    const labels = []; // drawn last, the more telling first, each only where it hides no other
    for (const [kind, x, y, name, nameZh] of day.places) {
      const left = px(x), top = py(y);
      if (left < -8) continue; // or the end of its name would stand there, without the place
      if (kind === "stop") { to.fillStyle = "#FFFFFF"; to.strokeStyle = "#8A8A8A"; to.lineWidth = 1; to.beginPath(); to.arc(left, top, 2.4, 0, 7); to.fill(); to.stroke(); continue; }
      to.fillStyle = { metro_station: "#444444", depot: "#7A4E9C", charger: "#009E73" }[kind];
      to.fillRect(left - 4, top - 4, 8, 8);
      labels.push([["metro_station", "depot", "charger"].indexOf(kind), HAS_CHINESE && nameZh ? nameZh + " " + name : name || nameZh, left + 7, top]);
    }
    const taken = [];
    for (const [rank, text, left, top] of labels.sort((a, b) => a[0] - b[0])) {
      const box = [left - 4, top - 8, left + to.measureText(text).width + 4, top + 8];
      if (taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) continue;
      taken.push(box);
      to.lineWidth = 3; to.strokeStyle = "#ffffffd0"; to.strokeText(text, left, top); to.fillStyle = "#333"; to.fillText(text, left, top);
    }
  };

  // --- drawing a moment ----------------------------------------------------------------------------------------------
  const count = { served: 0, refused: 0, gone: 0, waiting: 0, aboard: 0 };
  const drawRiders = () => {
    const r = day.riders, at = new Map();
    Object.keys(count).forEach((key) => (count[key] = 0));
    for (let i = 0; i < r.node.length; i++) {
      if (r.asked[i] > now) continue;
      if (r.outcome[i] === "refused") {
        count.refused++;
        if (now - r.asked[i] < FLASH_S && r.node[i] >= 0) cross(day.nodes[r.node[i]], 1 - (now - r.asked[i]) / FLASH_S);
      } else if (now < r.until[i]) {
        count.waiting++;
        if (now >= r.from[i] && r.node[i] >= 0) at.set(r.node[i], (at.get(r.node[i]) || 0) + r.party[i]);
      } else if (r.done[i] >= 0 && now >= r.done[i]) count.served++;
      else if (r.done[i] >= 0 || r.outcome[i] === "in_progress") count.aboard++;
      else count.gone++;
    }
    for (const [node, persons] of at) {
      const [x, y] = day.nodes[node];
      pen.fillStyle = WAITING; pen.strokeStyle = "#fff"; pen.lineWidth = 1;
      pen.beginPath(); pen.arc(px(x), py(y), 3 + 1.7 * Math.sqrt(persons), 0, 7); pen.fill(); pen.stroke();
    }
  };
  const cross = ([x, y], strength) => {
    pen.globalAlpha = strength; pen.strokeStyle = REFUSED; pen.lineWidth = 2.5; pen.beginPath();
    const left = px(x), top = py(y);
    pen.moveTo(left - 5, top - 5); pen.lineTo(left + 5, top + 5); pen.moveTo(left + 5, top - 5); pen.lineTo(left - 5, top + 5);
    pen.stroke(); pen.globalAlpha = 1;
  };
  const drawBuses = () => {
    pen.textAlign = "center"; pen.textBaseline = "middle"; pen.font = "bold 10px system-ui, sans-serif";
    const fleet = {};
    day.buses.forEach((bus, k) => {
      const { name, where, aboard } = busAt(bus, now);
      if (name === null) return;
      fleet[name] = (fleet[name] || 0) + 1;
      const left = px(where[0]), top = py(where[1]);
      pen.fillStyle = STATES[name][0]; pen.strokeStyle = k === chosen ? "#000" : "#333"; pen.lineWidth = k === chosen ? 3 : 1;
      pen.beginPath(); pen.arc(left, top, k === chosen ? 10 : 7.5, 0, 7); pen.fill(); pen.stroke();
      if (aboard) { pen.fillStyle = name === "driving_riders" ? "#fff" : "#000"; pen.fillText(aboard, left, top + 0.5); }
    });
    pen.textAlign = "start";
    return fleet;
  };
  const clock = (time) => [Math.floor(time / 3600), Math.floor(time / 60) % 60].map((n) => String(n).padStart(2, "0")).join(":");
  const rows = (list, pairs) => { list.innerHTML = pairs.map(([name, value]) => "<dt>" + name + "</dt><dd>" + value + "</dd>").join(""); };
  const tell = (fleet) => {
    find(".clock").textContent = clock(now);
    const driving = (fleet.driving_riders || 0) + (fleet.driving_empty || 0);
    rows(find(".counts"), [["served", count.served], ["aboard", count.aboard], ["waiting", count.waiting], ["refused", count.refused],
      ...(count.gone ? [["left or did not come", count.gone]] : []), ["buses driving", driving], ["buses charging", fleet.charging || 0]]);
    find(".chosen").hidden = chosen === null;
    if (chosen === null) return;
    const bus = busAt(day.buses[chosen], now);
    rows(find(".chosen"), [["bus", chosen + " (" + day.buses[chosen].type + ")"], ["is", bus.name ? STATES[bus.name][1] : "off shift"],
      ...(bus.aboard === null ? [] : [["aboard", bus.aboard]]), ["charge", bus.charge < 0 ? "-" : bus.charge + " %"]]);
  };
  const draw = () => {
    if (chosen !== null && playing) { const { where } = busAt(day.buses[chosen], now); if (Math.hypot(px(where[0]) - px(view.x), py(where[1]) - py(view.y)) > 120) { view.x += (where[0] - view.x) * 0.08; view.y += (where[1] - view.y) * 0.08; still = null; } }
    if (still === null) drawStill();
    const ratio = window.devicePixelRatio || 1;
    pen.setTransform(1, 0, 0, 1, 0, 0); pen.clearRect(0, 0, canvas.width, canvas.height); pen.drawImage(still, 0, 0);
    pen.scale(ratio, ratio);
    drawRiders();
    tell(drawBuses());
    find(".time").value = now;
  };

  // --- time and hands ------------------------------------------------------------------------------------------------
  let before = null;
  const tick = (stamp) => {
    if (!playing) return;
    if (before !== null) now = Math.min(day.end, now + Math.min(0.2, (stamp - before) / 1000) * Number(find(".speed").value));
    before = stamp;
    if (now >= day.end) play(false);
    draw();
    requestAnimationFrame(tick);
  };
  const play = (on) => {
    playing = on; before = null;
    find(".play").textContent = on ? "Pause" : "Play";
    if (!on) return;
    if (now >= day.end) now = day.start;
    requestAnimationFrame(tick);
  };
  const at = (time) => { now = Math.min(day.end, Math.max(day.start, time)); draw(); };
  find(".play").onclick = () => play(!playing);
  find(".time").oninput = (event) => at(Number(event.target.value));
  find(".whole").onclick = () => { chosen = null; whole(); draw(); };
  canvas.onkeydown = (event) => {
    const step = { ArrowRight: 60, ArrowLeft: -60, PageUp: 3600, PageDown: -3600 }[event.key];
    if (event.key === " ") play(!playing); else if (step) at(now + step); else return;
    event.preventDefault();
  };
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = canvas.getBoundingClientRect(), left = event.clientX - box.left - box.width / 2, top = event.clientY - box.top - box.height / 2;
    const by = Math.min(3, Math.max(1 / 3, Math.exp(-event.deltaY * 0.0015)));
    const scale = Math.min(3, Math.max(0.005, view.scale * by));
    view.x += left / view.scale - left / scale; view.y -= top / view.scale - top / scale; view.scale = scale;
    still = null; draw();
  }, { passive: false });
  let grip = null;
  canvas.onpointerdown = (event) => { grip = [event.clientX, event.clientY, view.x, view.y, false]; canvas.setPointerCapture(event.pointerId); };
  canvas.onpointermove = (event) => {
    if (grip === null) return;
    const right = event.clientX - grip[0], down = event.clientY - grip[1];
    if (!grip[4] && Math.hypot(right, down) < 4) return;
    grip[4] = true; view.x = grip[2] - right / view.scale; view.y = grip[3] + down / view.scale;
    still = null; draw();
  };
  canvas.onpointerup = (event) => {
    if (grip !== null && !grip[4]) {
      const box = canvas.getBoundingClientRect(), left = event.clientX - box.left, top = event.clientY - box.top;
      let best = 16; chosen = null;
      day.buses.forEach((bus, k) => {
        const { name, where } = busAt(bus, now), away = Math.hypot(px(where[0]) - left, py(where[1]) - top);
        if (name !== null && away < best) { best = away; chosen = k; }
      });
      draw();
    }
    grip = null;
  };

  find(".legend").innerHTML = [...Object.values(STATES).map(([colour, name]) => ["", colour, "bus " + name]),
    ["", WAITING, "riders waiting"], ["", REFUSED, "rider refused (cross)"],
    ["square", "#444444", "metro"], ["square", "#7A4E9C", "depot"], ["square", "#009E73", "charger"]]
    .map(([kind, colour, name]) => "<span class='" + kind + "' style='--c:" + colour + "'>" + name + "</span>").join("");
  const time = find(".time");
  time.min = day.start; time.max = day.end;
  new ResizeObserver(() => { const fresh = view.scale === 1; still = null; if (fresh) whole(); draw(); }).observe(canvas);
  const asked = /#t=(\d+):(\d+)/.exec(location.hash); // page.html#t=08:15 opens at that time
  whole();
  at(asked ? Number(asked[1]) * 3600 + Number(asked[2]) * 60 : day.start);
})();
