package inputs_test

import (
	"archive/zip"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// plannedAnnotations checks what the plan says of annotations.
func plannedAnnotations(add, change, remove int64) plancheck.PlanCheck {
	return plannedText(fmt.Sprintf("; annotations: %d to add, %d to change, %d to remove; ", add, change, remove))
}

func boxRow(id, concept, top string) string {
	return fmt.Sprintf(`{%s"concepts":[%q],"bounding_box":{"top_row":%s,"left_col":0.2,"bottom_row":0.9,"right_col":1}}`, id, concept, top)
}

func annotationsRow(list ...string) string {
	return urlRow("a", `"annotations":[`+strings.Join(list, ",")+`]`)
}

const own = `{"id":"mine","concepts":["sign"],"polygon":[{"row":0,"col":0},{"row":0,"col":1},{"row":1,"col":1}]}`

// The list is exactly the set of the resource's own annotations; those of others stay.
func TestAccInputs_annotations(t *testing.T) {
	env := acctest.New(t)
	lost := env.MustFault(emulator.Fault{Op: "PostAnnotations", Reset: emulator.AfterWork, Count: 1})
	before := annotationsRow(boxRow("", "car", "0.1"), boxRow("", "car", "0.5"), own)
	m := newManifest(t, "signs.jsonl", before, urlRow("b", `"annotations":[]`), urlRow("c"))
	env.Test(t,
		resource.TestStep{
			Config:           env.Config(m.block()),
			ConfigPlanChecks: plans(action(plancheck.ResourceActionCreate), plannedAnnotations(3, 0, 0)),
			Check: resource.ComposeTestCheckFunc(
				env.HasAnnotations("a car 0.1 0.2 0.9 1", "a car 0.5 0.2 0.9 1", "a sign polygon of 3"),
				func(*terraform.State) error {
					if env.Struck(lost) != 1 {
						return fmt.Errorf("no response was lost")
					}
					return nil
				}),
		},
		resource.TestStep{Config: env.Config(m.block()), ConfigPlanChecks: noop},
		resource.TestStep{ // an annotator adds one, moves a box and deletes the polygon
			PreConfig: func() { annotate(t, env) },
			Config:    env.Config(m.block()), ConfigPlanChecks: plans(action(plancheck.ResourceActionUpdate), plannedAnnotations(1, 1, 0)),
			Check: env.HasAnnotations("a car 0.1 0.2 0.9 1", "a car 0.5 0.2 0.9 1", "a sign polygon of 3", "b theirs"),
		},
		resource.TestStep{ // a box moves, the other and the polygon go
			PreConfig: func() {
				m.write(t, annotationsRow(boxRow("", "car", "0.3")), urlRow("b", `"annotations":[]`), urlRow("c"))
			},
			Config: env.Config(m.block("max_annotation_deletes = 1")), PlanOnly: true,
			ExpectError: regexp.MustCompile(`would\s+delete\s+2\s+annotations`),
		},
		resource.TestStep{
			Config: env.Config(m.block()), ConfigPlanChecks: plans(plannedAnnotations(0, 1, 2)),
			Check: env.HasAnnotations("a car 0.3 0.2 0.9 1", "b theirs"),
		},
		resource.TestStep{ // a row that omits annotations leaves them as they are
			PreConfig: func() { m.write(t, urlRow("a"), urlRow("b"), urlRow("c")) },
			Config:    env.Config(m.block()), ConfigPlanChecks: plans(action(plancheck.ResourceActionUpdate)),
			Check: env.HasAnnotations("a car 0.3 0.2 0.9 1", "b theirs"),
		},
	)
}

func annotate(t *testing.T, env *acctest.Env) {
	t.Helper()
	if _, err := env.Client.PostAnnotations(t.Context(), env.App, []clarifai.Annotation{{ID: "x", InputID: "b", Data: &clarifai.Data{
		Concepts: []clarifai.Concept{{ID: "theirs"}},
	}}}); err != nil {
		t.Fatal(err)
	}
	for a, err := range env.Client.AllAnnotations(t.Context(), env.App, clarifai.ListAnnotationsQuery{InputIDs: []string{"a"}}) {
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Data.Regions) == 0 {
			continue
		}
		b := a.Data.Regions[0].RegionInfo.BoundingBox
		switch {
		case a.ID == "mine":
			err = env.Client.DeleteAnnotation(t.Context(), env.App, "a", a.ID)
		case b != nil && b.TopRow == 0.5:
			a.Data.Regions[0].RegionInfo = &clarifai.RegionInfo{BoundingBox: &clarifai.BoundingBox{TopRow: 0.6, BottomRow: 1, RightCol: 1}}
			_, err = env.Client.PatchAnnotations(t.Context(), env.App, clarifai.PatchAnnotationsRequest{
				Annotations: []clarifai.Annotation{{ID: a.ID, InputID: "a", Data: a.Data}}, Action: clarifai.ActionOverwrite,
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAccInputs_annotationsInvalid(t *testing.T) {
	env := acctest.New(t)
	for row, want := range map[string]string{
		annotationsRow(boxRow("", "car", "0.95")):                                        `line 1: annotations\[0\]: the box is inverted`,
		annotationsRow(boxRow("", "car", "1.5")):                                         `outside\s+0\s+to\s+1`,
		annotationsRow(boxRow(`"id":"x",`, "car", "0"), boxRow(`"id":"x",`, "car", "0")): `id\s+"x"\s+occurs\s+twice`,
		annotationsRow(boxRow("", "traffic/light", "0")):                                 `concept\s+"traffic/light"\s+cannot`,
		`{"id":"a","text":"Hi","annotations":[{"span":{"char_start":0,"char_end":3}}]}`:  `beyond\s+the\s+text's\s+2`,
	} {
		m := newManifest(t, "signs.jsonl", row)
		env.Test(t, resource.TestStep{Config: env.Config(m.block()), PlanOnly: true, ExpectError: regexp.MustCompile(want)})
	}
}

// Columns with titles of their own become rows, with boxes and with names for ids.
func TestAccInputs_columns(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "train.csv",
		"image_id,image_url,label,regions,other",
		"a,https://example.com/a.jpg,traffic light,car 0 0 0.5 0.5;car 0.5 0.5 1 1,ignored",
	)
	env.Test(t, resource.TestStep{
		Config: env.Config(
			m.block(`columns = { id = "image_id", url = "image_url", concepts = "label", boxes = "regions" }`, `labels = "names"`),
		),
		Check: resource.ComposeTestCheckFunc(
			hasLabels(env, "a", "map[traffic-light:1]"),
			env.HasAnnotations("a car 0 0 0.5 0.5", "a car 0.5 0.5 1 1"),
			func(*terraform.State) error {
				concept, err := env.Client.GetConcept(t.Context(), env.App, "traffic-light")
				if err == nil && concept.Name != "traffic light" {
					err = fmt.Errorf("the concept is called %q", concept.Name)
				}
				return err
			},
		),
	})
}

// Items of the configuration have annotations as well.
func TestAccInputs_annotationsOfItems(t *testing.T) {
	env := acctest.New(t)
	items := func(annotations string) string {
		return env.Config(block(fmt.Sprintf("items = { a = { url = \"https://example.com/a.jpg\", annotations = %q } }", annotations)))
	}
	env.Test(t,
		resource.TestStep{
			Config: items("[" + boxRow("", "car", "0.1") + "]"), ConfigPlanChecks: plans(plannedAnnotations(1, 0, 0)),
			Check: env.HasAnnotations("a car 0.1 0.2 0.9 1"),
		},
		resource.TestStep{Config: items("[" + boxRow("", "car", "1.5") + "]"), ExpectError: regexp.MustCompile(`items\["a"\]`)},
	)
}

// same are the files of one data set in each format.
var same = map[string]string{
	"coco": "coco.json", "voc": "voc", "yolo": "yolo/data.yaml", "cvat": "cvat.xml", "label_studio": "label_studio.json",
	"openimages": "openimages.csv", "kitti": "kitti", "hugging_face": "hugging_face/metadata.jsonl",
}

// The same data set leads to the same annotations whatever its format, which its content tells.
func TestAccInputs_formats(t *testing.T) {
	env := acctest.New(t)
	root, err := filepath.Abs("source/format/formats/testdata/same")
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range same {
		input, directory := "street", filepath.Join(root, "images")
		if name == "yolo" {
			input, directory = "images-train-street", filepath.Join(root, "yolo")
		}
		env.Test(t, resource.TestStep{
			Config: env.Config(
				block(fmt.Sprintf("manifest = %q\n files_directory = %q\n class_names = [\"person\", \"car\"]", filepath.Join(root, file), directory)),
			),
			Check: env.HasAnnotations(input+" car 0.5 0.5 1 1", input+" person 0.25 0.1 0.75 0.3"),
		})
	}
	env.Test(t, resource.TestStep{
		Config:      env.Config(block(fmt.Sprintf("manifest = %q\n manifest_format = \"jsonl\"", filepath.Join(root, "coco.json")))),
		ExpectError: regexp.MustCompile(`manifest_format\s+=\s+"coco"`),
	})
}

// What is applied from COCO comes back in a COCO export: the same images, categories and boxes.
func TestAccInputs_cocoRoundTrip(t *testing.T) {
	env := acctest.New(t)
	root, err := filepath.Abs("source/format/formats/testdata/same")
	if err != nil {
		t.Fatal(err)
	}
	archive := filepath.Join(t.TempDir(), "coco.zip")
	config := env.Config(fmt.Sprintf(`
resource "clarifai_inputs" "test" {
  id              = "signs"
  manifest        = %q
  files_directory = %q
}
resource "clarifai_dataset_version" "v1" {
  dataset_id = clarifai_inputs.test.id
  id         = "v1"
  triggers   = { rows = clarifai_inputs.test.source_sha256 }
}
resource "clarifai_dataset_version_export" "coco" {
  dataset_id         = clarifai_dataset_version.v1.dataset_id
  dataset_version_id = clarifai_dataset_version.v1.id
  format             = "COCO"
  download_to        = %q
}
`, filepath.Join(root, "coco.json"), filepath.Join(root, "images"), archive))
	env.Test(t, resource.TestStep{Config: config, Check: func(*terraform.State) error {
		got, err := boxesOf(archive)
		if err != nil {
			return err
		}
		want := []string{"street car 50 40 50 40", "street person 10 20 20 40"}
		if !slices.Equal(got, want) {
			return fmt.Errorf("the export has %q, want %q", got, want)
		}
		return nil
	}})
}

// boxesOf describes the boxes of a COCO archive in fractions of the image, times 100 and 80.
func boxesOf(archive string) ([]string, error) {
	files, err := zip.OpenReader(archive)
	if err != nil {
		return nil, err
	}
	defer func() { _ = files.Close() }()
	var doc struct {
		Images []struct {
			ID            int
			FileName      string `json:"file_name"`
			Width, Height float64
		}
		Categories []struct {
			ID   int
			Name string
		}
		Annotations []struct {
			ImageID    int `json:"image_id"`
			CategoryID int `json:"category_id"`
			BBox       []float64
		}
	}
	for _, f := range files.File {
		if !strings.HasSuffix(f.Name, ".json") {
			continue
		}
		in, err := f.Open()
		if err != nil {
			return nil, err
		}
		if err := json.UnmarshalRead(in, &doc, json.MatchCaseInsensitiveNames(true)); err != nil {
			return nil, err
		}
	}
	if len(doc.Images) != 2 || len(doc.Categories) != 2 {
		return nil, fmt.Errorf("the export has %d images and %d categories", len(doc.Images), len(doc.Categories))
	}
	var all []string
	for _, a := range doc.Annotations {
		image := doc.Images[slices.IndexFunc(doc.Images, func(i struct {
			ID            int
			FileName      string `json:"file_name"`
			Width, Height float64
		}) bool {
			return i.ID == a.ImageID
		})]
		category := ""
		for _, c := range doc.Categories {
			if c.ID == a.CategoryID {
				category = c.Name
			}
		}
		round := func(x, of, size float64) float64 { return math.Round(x/of*size*1e4) / 1e4 } // 32-bit floats of fractions
		all = append(
			all,
			fmt.Sprintf("%s %s %v %v %v %v", image.FileName, category, round(a.BBox[0], image.Width, 100), round(a.BBox[1], image.Height, 80),
				round(a.BBox[2], image.Width, 100), round(a.BBox[3], image.Height, 80)),
		)
	}
	slices.Sort(all)
	return all, nil
}
