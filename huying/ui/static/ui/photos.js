// Photos before they are sent: smaller, shown, removable. The plain file field keeps working without this.
"use strict";

(function () {
  const QUALITY = 0.85;

  function uploader(root) {
    const input = root.querySelector("input[type=file]");
    const list = root.querySelector("[data-photos-list]");
    const said = root.querySelector("[data-photos-said]");
    const most = Number(root.dataset.max) || 9;
    const side = Number(root.dataset.side) || 2048;
    let chosen = [];
    // Writing the reduced files back needs DataTransfer; older browsers keep the plain field.
    try {
      new DataTransfer().items.add(new File(["x"], "x"));
    } catch (error) {
      return;
    }
    root.classList.add("is-live");

    input.addEventListener("change", async () => {
      const fresh = Array.from(input.files).filter((file) => !chosen.some((item) => item.file === file));
      const room = Math.max(0, most - chosen.length);
      root.setAttribute("aria-busy", "true");
      for (const file of fresh.slice(0, room)) chosen.push(await prepare(file, side));
      root.removeAttribute("aria-busy");
      write(fresh.length > room ? root.dataset.textMany : "");
    });

    // A form that was kept and is used again begins without the photos of before.
    const form = root.closest("form");
    if (form) form.addEventListener("huying:cleared", () => { if (chosen.length) { chosen = []; write(""); } });

    function write(words) {
      const box = new DataTransfer();
      chosen.forEach((item) => box.items.add(item.file));
      input.files = box.files;
      list.textContent = "";
      chosen.forEach((item, index) => list.append(show(item, index)));
      said.textContent = words || root.dataset.textCount + " " + chosen.length;
      said.classList.toggle("ears", !words);
      root.dispatchEvent(new CustomEvent("huying:photos", { bubbles: true }));
    }

    function show(item, index) {
      const cell = document.createElement("li");
      cell.className = "photo";
      cell.append(item.preview || document.createTextNode(item.file.name));
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "photo-remove";
      remove.setAttribute("aria-label", root.dataset.textRemove + " " + (index + 1));
      remove.textContent = "×";
      remove.addEventListener("click", () => {
        chosen.splice(index, 1);
        write("");
        const next = list.querySelectorAll(".photo-remove")[Math.min(index, chosen.length - 1)];
        (next || input).focus();
      });
      cell.append(remove);
      return cell;
    }
  }

  // Returns the file to send and a small canvas to look at. What the browser cannot draw (HEIC mostly)
  // is sent as it is: the server knows more formats.
  async function prepare(file, side) {
    let image;
    try {
      image = await decode(file);
    } catch (error) {
      return { file, preview: null };
    }
    const preview = draw(image, 320);
    preview.setAttribute("role", "img");
    preview.setAttribute("aria-label", file.name);
    const longest = Math.max(image.naturalWidth, image.naturalHeight);
    if (file.type === "image/jpeg" && longest <= side && file.size < 1500000) return { file, preview };
    const blob = await new Promise((done) => draw(image, side).toBlob(done, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) return { file, preview };
    const parts = file.type === "image/jpeg" ? await keepExif(file, blob) : [blob];
    const name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
    return { file: new File(parts, name, { type: "image/jpeg", lastModified: file.lastModified }), preview };
  }

  function decode(file) {
    return new Promise((done, fail) => {
      const address = URL.createObjectURL(file);
      const image = new Image();
      const end = (act) => () => {
        window.setTimeout(() => URL.revokeObjectURL(address), 0);
        act(image);
      };
      image.onload = end(done);
      image.onerror = end(fail);
      image.src = address;
    });
  }

  function draw(image, side) {
    const scale = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff"; // transparent parts of a PNG would turn black
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  // The place and time in the photo are offered to the resident as hints by the server, which then removes
  // them. A canvas drops them, so the EXIF segment is carried over, with its orientation set to "upright"
  // because the canvas has already turned the picture.
  async function keepExif(file, blob) {
    const bytes = new Uint8Array(await read(file.slice(0, 262144)));
    const segment = exifOf(bytes);
    return segment ? [blob.slice(0, 2), segment, blob.slice(2)] : [blob];
  }

  function read(blob) {
    return new Promise((done, fail) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.onerror = fail;
      reader.readAsArrayBuffer(blob);
    });
  }

  function exifOf(bytes) {
    const view = new DataView(bytes.buffer);
    let at = 2;
    while (at + 10 < bytes.length && bytes[at] === 0xff) {
      const end = at + 2 + view.getUint16(at + 2);
      const isExif = bytes[at + 1] === 0xe1 && view.getUint32(at + 4) === 0x45786966;
      if (isExif && end <= bytes.length) return upright(bytes.slice(at, end));
      if (bytes[at + 1] === 0xda) return null;
      at = end;
    }
    return null;
  }

  function upright(segment) {
    const view = new DataView(segment.buffer);
    const base = 10; // marker 2, length 2, "Exif" and two zeros 6
    const little = view.getUint16(base) === 0x4949;
    const first = base + view.getUint32(base + 4, little);
    if (first + 2 > segment.length) return null;
    const count = view.getUint16(first, little);
    for (let index = 0; index < count; index += 1) {
      const entry = first + 2 + index * 12;
      if (entry + 12 > segment.length) return null;
      if (view.getUint16(entry, little) === 0x0112) view.setUint16(entry + 8, 1, little);
    }
    return segment;
  }

  const start = (root) => root.querySelectorAll("[data-photos]:not(.is-live)").forEach(uploader);
  start(document);
  document.addEventListener("htmx:afterSwap", (event) => start(event.target));
})();
