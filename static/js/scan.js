// Reads tickets with the phone's camera where the browser can (BarcodeDetector); elsewhere nothing shows. What it reads is
// typed into the form of codes and sent as if by hand, so that the server's answer is the only truth.
const PAUSE = 3000;
const LOOK = 250;

const begin = (box) => {
  const video = box.querySelector("video");
  const start = box.querySelector("[data-camera-start]");
  const stop = box.querySelector("[data-camera-stop]");
  const say = box.querySelector("[data-camera-say]");
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const last = { text: "", at: 0 };
  let stream = null;

  const read = (text) => {
    if (text === last.text && Date.now() - last.at < PAUSE) return;
    last.text = text;
    last.at = Date.now();
    const form = document.getElementById(box.dataset.form);
    form.elements.code.value = text;
    form.requestSubmit();
    navigator.vibrate?.(80);
  };

  const look = async () => {
    if (!stream) return;
    try {
      const [found] = await detector.detect(video);
      if (found) read(found.rawValue);
    } catch {
      // A frame that is not there yet: the next one will be.
    }
    setTimeout(look, LOOK);
  };

  const show = (on) => {
    video.hidden = !on;
    start.hidden = on;
    stop.hidden = !on;
  };

  const end = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    show(false);
    start.focus();
  };

  start.addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      video.srcObject = stream;
      await video.play();
      say.textContent = "";
      show(true);
      stop.focus();
      look();
    } catch {
      say.textContent = box.dataset.refused;
    }
  });
  stop.addEventListener("click", end);
  box.hidden = false;
};

if ("BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia) {
  document.querySelectorAll("[data-camera]").forEach(begin);
}
