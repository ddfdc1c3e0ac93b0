import { api, body, type Schema } from "../../../api/client";
import { everyPage, pageOf, useList } from "../../../records/read";

export type Site = Schema<"appointments.SiteOut">;
export type Room = Schema<"appointments.appointments__directory__schemas__RoomOut">;
export type Place = Schema<"appointments.PlaceOut">;
export type Practitioner = Schema<"appointments.PractitionerOut">;
export type Reason = Schema<"appointments.ReasonOut">;
export type Protocol = Schema<"appointments.ProtocolOut">;

const INACTIVE = { inactive: true };

export const SITES = ["appointments", "sites", "all"] as const;
export const ROOMS = ["appointments", "rooms", "all"] as const;
export const PLACES = ["appointments", "places", "all"] as const;
export const PRACTITIONERS = ["appointments", "practitioners", "all"] as const;
export const REASONS = ["appointments", "visit-reasons", "all"] as const;
export const PROTOCOLS = ["appointments", "protocols", "all"] as const;

export const readSites = () =>
  everyPage<Site>((cursor) =>
    body(api.GET("/api/appointments/v1/sites", { params: { query: { ...INACTIVE, ...pageOf(cursor) } } })),
  );
export const readRooms = () =>
  everyPage<Room>((cursor) =>
    body(api.GET("/api/appointments/v1/rooms", { params: { query: { ...INACTIVE, ...pageOf(cursor) } } })),
  );
export const readPlaces = () =>
  everyPage<Place>((cursor) =>
    body(api.GET("/api/appointments/v1/places", { params: { query: { ...INACTIVE, ...pageOf(cursor) } } })),
  );
export const readPractitioners = () =>
  everyPage<Practitioner>((cursor) =>
    body(
      api.GET("/api/appointments/v1/practitioners", {
        params: { query: { ...INACTIVE, ...pageOf(cursor) } },
      }),
    ),
  );
/** Professionals are told all of a reason; only the public sees the short form. */
export const readReasons = () =>
  everyPage<Reason>(async (cursor) => {
    const page = await body(
      api.GET("/api/appointments/v1/visit-reasons", {
        params: { query: { ...INACTIVE, ...pageOf(cursor) } },
      }),
    );
    return page as { items: Reason[]; next_cursor?: string | null };
  });
export const readProtocols = () =>
  everyPage<Protocol>((cursor) =>
    body(
      api.GET("/api/appointments/v1/protocols", { params: { query: { ...INACTIVE, ...pageOf(cursor) } } }),
    ),
  );

export const useSites = () => useList(SITES, readSites, ["appointments.site_changed"]);
export const usePractitioners = () =>
  useList(PRACTITIONERS, readPractitioners, ["appointments.practitioner_changed"]);
export const useReasons = () => useList(REASONS, readReasons);
export const useRooms = () => useList(ROOMS, readRooms);
export const useProtocols = () => useList(PROTOCOLS, readProtocols);
