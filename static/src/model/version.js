/** Raised by one whenever what the phone says to the house changes: the house may ask an older phone to renew itself. */
export const version = 1;
