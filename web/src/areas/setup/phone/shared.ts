import { api, body, type Schema } from "../../../api/client";
import { everyPage, pageOf, useList } from "../../../records/read";

export type Line = Schema<"telesecretariat.LineOut">;
export type Calendar = Schema<"telesecretariat.CalendarOut">;
export type Client = Schema<"telesecretariat.ClientOut">;
export type Announcement = Schema<"telesecretariat.AnnouncementOut">;
export type Entry = Schema<"telesecretariat.EntryOut">;
export type KnownNumber = Schema<"telesecretariat.KnownNumberOut">;

export type Agent = Schema<"telesecretariat.AgentSetupOut">;
export type Assignment = Schema<"telesecretariat.AssignmentOut">;
export type Adapter = Schema<"telesecretariat.AdapterOut">;

const key = (noun: string) => ["telesecretariat", noun, "all"] as const;
export const LINES = key("lines");
export const CALENDARS = key("calendars");
export const CLIENTS = key("clients");
export const ANNOUNCEMENTS = key("announcements");
export const CATALOGUES = key("catalogues");
export const KNOWN = key("known-numbers");
export const AGENTS = key("agents");
export const ASSIGNMENTS = key("agent-assignments");
export const ADAPTERS = key("adapters");

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
/** Those of every centre that one sets up: the list itself is asked for one after the other. */
export const readKnownNumbers = async () => {
  const clients = await readClients();
  const lists = await Promise.all(
    clients.map((client) =>
      everyPage<KnownNumber>((cursor) =>
        body(
          api.GET("/api/telesecretariat/v1/known-numbers", {
            params: { query: { client_id: client.id, ...pageOf(cursor) } },
          }),
        ),
      ),
    ),
  );
  return lists.flat();
};
export const readAgents = () =>
  everyPage<Agent>((cursor) =>
    body(api.GET("/api/telesecretariat/v1/agents", { params: { query: pageOf(cursor) } })),
  );
export const readAssignments = () =>
  everyPage<Assignment>((cursor) =>
    body(api.GET("/api/telesecretariat/v1/agent-assignments", { params: { query: pageOf(cursor) } })),
  );
export const readAdapters = async () =>
  (await body(api.GET("/api/telesecretariat/v1/telephony/adapters"))).items;

export const useLines = () =>
  useList(LINES, readLines, ["telesecretariat.line_opened", "telesecretariat.line_closed"]);
export const useCalendars = () => useList(CALENDARS, readCalendars);
export const useAgents = () => useList(AGENTS, readAgents, ["telesecretariat.agent_changed"]);
export const useAssignments = () =>
  useList(ASSIGNMENTS, readAssignments, ["telesecretariat.assignment_changed"]);
export const useAdapters = () =>
  useList(ADAPTERS, readAdapters, ["telesecretariat.adapter_up", "telesecretariat.adapter_down"]);
export const useClients = (enabled = true) => useList(CLIENTS, readClients, [], enabled);
