/** What the phone shows when the portal is installed. */
import type { ManifestOptions } from "vite-plugin-pwa";

export const webManifest: Partial<ManifestOptions> = {
  id: "/",
  name: "Kundenportal",
  short_name: "Portal",
  description: "Verträge, Konten und Post an einem Ort.",
  lang: "de",
  start_url: "/",
  scope: "/",
  display: "standalone",
  background_color: "#faf8f5",
  theme_color: "#faf8f5",
  icons: [
    { src: "/icons/icon-192.png", sizes: "192x192", type: "image/png" },
    { src: "/icons/icon-512.png", sizes: "512x512", type: "image/png" },
    {
      src: "/icons/icon-maskable-512.png",
      sizes: "512x512",
      type: "image/png",
      purpose: "maskable",
    },
  ],
};
