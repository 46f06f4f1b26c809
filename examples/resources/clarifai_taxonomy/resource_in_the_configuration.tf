resource "clarifai_taxonomy" "lights" {
  name = "lights"
  concepts = {
    light = { name = "Light", names = { de = "Licht", fr = "Lumière" } }
    day   = { name = "Day", names = { de = "Tag", fr = "Jour" }, parents = ["light"] }
    night = { name = "Night", names = { de = "Nacht", fr = "Nuit" }, parents = ["light"] }
  }
}
