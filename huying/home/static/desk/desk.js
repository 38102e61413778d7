// Small helps of the desk; each page works without them.
"use strict";
