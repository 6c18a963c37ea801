/** The camera behind the device: opened on demand, closed with the page; sound is never asked for. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

type CameraState = "starting" | "ready" | "denied" | "absent";

export interface Camera {
  readonly video: RefObject<HTMLVideoElement>;
  readonly state: CameraState;
}

/** Large enough for a page of small print; the camera gives what it can. */
const WISHED = { width: { ideal: 3840 }, height: { ideal: 2160 } };

export function canUseCamera(): boolean {
  return Boolean(navigator.mediaDevices?.getUserMedia);
}

export function useCamera(): Camera {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<CameraState>("starting");
  useEffect(() => {
    let stream: MediaStream | null = null;
    let isGone = false;
    const wish = { video: { facingMode: { ideal: "environment" }, ...WISHED }, audio: false };
    navigator.mediaDevices
      .getUserMedia(wish)
      .then(async (opened) => {
        stream = opened;
        if (isGone || !video.current) return stop(opened);
        video.current.srcObject = opened;
        await video.current.play();
        setState("ready");
      })
      .catch((error: unknown) => {
        const isDenied = error instanceof DOMException && error.name === "NotAllowedError";
        if (!isGone) setState(isDenied ? "denied" : "absent");
      });
    return () => {
      isGone = true;
      if (stream) stop(stream);
    };
  }, []);
  return { video, state };
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
