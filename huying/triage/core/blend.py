"""Judges by the catalogue's own words and by what people taught, each as far as it can be trusted."""



class Blended: ...


class History: ...
