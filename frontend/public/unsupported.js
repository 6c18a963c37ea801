// Only browsers without modules run this: they get a plain page with phone and address instead of a blank one.
location.replace("/unsupported.html");
