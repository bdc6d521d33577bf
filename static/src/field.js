// The phone starts here.
