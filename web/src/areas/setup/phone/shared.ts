import { api, body, type Schema } from "../../../api/client";
import { everyPage, pageOf, useList } from "../parts/read";

export type Line = Schema<"telesecretariat.LineOut">;
export type Calendar = Schema<"telesecretariat.CalendarOut">;
export type Client = Schema<"telesecretariat.ClientOut">;
export type Announcement = Schema<"telesecretariat.AnnouncementOut">;
export type Entry = Schema<"telesecretariat.EntryOut">;
export type KnownNumber = Schema<"telesecretariat.KnownNumberOut">;

const key = (noun: string) => ["telesecretariat", noun, "all"] as const;
export const LINES = key("lines");
export const CALENDARS = key("calendars");
export const CLIENTS = key("clients");
export const ANNOUNCEMENTS = key("announcements");
export const CATALOGUES = key("catalogues");

export const readLines = () =>
  everyPage<Line>((cursor) =>
    body(api.GET("/api/telesecretariat/v1/lines", { params: { query: pageOf(cursor) } })),
  );
export const readCalendars = () =>
  everyPage<Calendar>((cursor) =>
    body(api.GET("/api/telesecretariat/v1/calendars", { params: { query: pageOf(cursor) } })),
  );
export const readClients = () =>
  everyPage<Client>((cursor) =>
    body(api.GET("/api/telesecretariat/v1/clients", { params: { query: pageOf(cursor) } })),
  );
export const readAnnouncements = () =>
  everyPage<Announcement>((cursor) =>
    body(api.GET("/api/telesecretariat/v1/announcements", { params: { query: pageOf(cursor) } })),
  );
export const readCatalogues = () =>
  everyPage<Entry>((cursor) =>
    body(api.GET("/api/telesecretariat/v1/catalogues", { params: { query: pageOf(cursor) } })),
  );

export const useLines = () =>
  useList(LINES, readLines, ["telesecretariat.line_opened", "telesecretariat.line_closed"]);
export const useCalendars = () => useList(CALENDARS, readCalendars);
export const useClients = (enabled = true) => useList(CLIENTS, readClients, [], enabled);
