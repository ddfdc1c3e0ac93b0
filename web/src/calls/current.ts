/** What other parts of the console may know of telephone calls. */
export { type CurrentCall, useCallFile, useCurrentCall, useDesk, useRefreshDesk } from "./desk";
export { useSeat } from "./seat";
