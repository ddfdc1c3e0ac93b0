export type { Changed } from "./acting";
export { AppointmentActs } from "./acts";
export { Booking, type BookingProps } from "./booking";
export { useDirectory, usePractitioners, useReasons, useSites } from "./directory";
export { AppointmentLine, StatusBadge } from "./line";
export { MoveDialog } from "./move-dialog";
export { type Slot, slotText } from "./times";
