package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// The file also has polygons, as COCO files of instances do.
const boxesConfig = `
resource "clarifai_inputs" "all" {
  id              = "bench"
  manifest        = "${path.module}/instances.json"
  manifest_format = "coco"
  regions         = "boxes"
}
`

// Size of all images in pixels, and the number of their classes.
const (
	imageWidth, imageHeight = 640, 480
	classes                 = 80
)

// box returns the left, top, width and height of a box in hundredths of pixels. All boxes are inside of the image.
func box(i int) (x, y, width, height int) {
	return i * 3701 % 50_000, i * 5303 % 36_000, 2000 + i*1307%10_000, 2000 + i*709%9000
}

// writeCOCO writes a COCO file of instances. Box i belongs to image i modulo inputs, so the boxes are not in the
// order of the images, as in files of real data sets. With its polygon, an instance takes some 500 bytes.
func writeCOCO(path string, inputs, boxes int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<20)
	fmt.Fprint(w, `{"info": {"description": "Bench", "version": "1.0", "year": 2026}, "licenses": [{"id": 1, "name": "None", "url": ""}], `)
	fmt.Fprint(w, `"images": [`)
	for i := range inputs {
		fmt.Fprintf(w, `%s{"license": 1, "file_name": "%012d.jpg", "coco_url": "%s", "height": %d, "width": %d, `+
			`"date_captured": "2026-01-02 03:04:05", "id": %d}`, separator(i), i, inputURL(i), imageHeight, imageWidth, i)
	}
	fmt.Fprint(w, `], "annotations": [`)
	var line []byte
	for i := range boxes {
		line = appendInstance(append(line[:0], separator(i)...), i, i%inputs)
		if _, err := w.Write(line); err != nil {
			return errors.Join(err, file.Close())
		}
	}
	fmt.Fprint(w, `], "categories": [`)
	for i := range classes {
		fmt.Fprintf(w, `%s{"supercategory": "object", "id": %d, "name": "class %d"}`, separator(i), i+1, i)
	}
	fmt.Fprint(w, "]}\n")
	return errors.Join(w.Flush(), file.Close())
}

func separator(i int) string {
	if i == 0 {
		return "\n"
	}
	return ",\n"
}

// appendInstance appends an entry of "annotations": the box and a polygon inside of it.
func appendInstance(line []byte, i, image int) []byte {
	x, y, width, height := box(i)
	hundredths := func(n int) { line = strconv.AppendFloat(line, float64(n)/100, 'f', -1, 64) }
	line = append(line, `{"segmentation": [[`...)
	const corners = 20
	for corner := range corners {
		if corner > 0 {
			line = append(line, ", "...)
		}
		// The upper edge from left to right, and the lower one back.
		along, down := corner, corner*i%7
		if corner >= corners/2 {
			along, down = corners-1-corner, 100-down
		}
		hundredths(x + width*along/(corners/2-1))
		line = append(line, ", "...)
		hundredths(y + height*down/100)
	}
	line = append(line, `]], "area": `...)
	line = strconv.AppendFloat(line, float64(width)*float64(height)/10_000, 'f', -1, 64)
	line = append(line, `, "iscrowd": 0, "image_id": `...)
	line = strconv.AppendInt(line, int64(image), 10)
	line = append(line, `, "bbox": [`...)
	for j, n := range []int{x, y, width, height} {
		if j > 0 {
			line = append(line, ", "...)
		}
		hundredths(n)
	}
	line = append(line, `], "category_id": `...)
	line = strconv.AppendInt(line, int64(i%classes+1), 10)
	line = append(line, `, "id": `...)
	line = strconv.AppendInt(line, int64(i+1), 10)
	return append(line, '}')
}

// annotations are the boxes of the COCO file in the API's format, of the inputs that the loop creates.
func annotations(inputs, boxes int) []clarifai.Annotation {
	one := clarifai.Float(1)
	all := make([]clarifai.Annotation, boxes)
	for i := range all {
		x, y, width, height := box(i)
		across := func(n int) clarifai.Float { return clarifai.Float(float64(n) / 100 / imageWidth) }
		down := func(n int) clarifai.Float { return clarifai.Float(float64(n) / 100 / imageHeight) }
		class := i % classes
		all[i] = clarifai.Annotation{ID: fmt.Sprintf("%032x", i), InputID: inputID(i % inputs), Data: &clarifai.Data{
			Regions: []clarifai.Region{{
				RegionInfo: &clarifai.RegionInfo{BoundingBox: &clarifai.BoundingBox{
					TopRow: down(y), LeftCol: across(x), BottomRow: down(y + height), RightCol: across(x + width),
				}},
				Data: &clarifai.Data{Concepts: []clarifai.Concept{
					{ID: fmt.Sprintf("class-%d", class), Name: fmt.Sprintf("class %d", class), Value: &one},
				}},
			}},
		}}
	}
	return all
}

// boxLoop is the lowest possible cost of inputs with boxes, like loop: the fewest requests that create the inputs,
// the wait for their processing, which annotations need, and the fewest requests that create the boxes; then the
// fewest requests that read both.
func (b *bench) boxLoop(ctx context.Context, n, boxes int) (*loop, error) {
	service, err := b.newService(b.processing)
	if err != nil {
		return nil, err
	}
	defer service.Close()
	client, err := newClient(service, paceOff)
	if err != nil {
		return nil, err
	}
	sent, marked := inputs(n), annotations(n, boxes)
	var l loop
	start := time.Now()
	if err := post(ctx, client, sent); err != nil {
		return nil, err
	}
	if err := processed(ctx, client); err != nil {
		return nil, err
	}
	if err := annotate(ctx, client, marked); err != nil {
		return nil, err
	}
	l.create, l.createCalls = time.Since(start), service.Counts()
	if err := checkBoxes(service, n, boxes); err != nil {
		return nil, err
	}

	service.ResetCalls()
	start = time.Now()
	found, err := list(ctx, client, n)
	if err != nil {
		return nil, err
	}
	// Every input also lists its own labels and metadata as an annotation.
	marks, err := listAnnotations(ctx, client, n+boxes)
	if err != nil {
		return nil, err
	}
	if found != n || marks != n+boxes {
		return nil, fmt.Errorf("the loop created %d inputs and %d annotations, and found %d and %d", n, n+boxes, found, marks)
	}
	l.read, l.readCalls = time.Since(start), service.Counts()
	return &l, nil
}

// checkBoxes returns an error if the app does not have as many inputs and boxes.
func checkBoxes(service *emulator.Server, inputs, boxes int) error {
	ids := service.Inputs(app)
	found := 0
	for _, id := range ids {
		for _, a := range service.Annotations(app, id) {
			if a.Data != nil && len(a.Data.Regions) == 1 && a.Data.Regions[0].RegionInfo.BoundingBox != nil {
				found++
			}
		}
	}
	if len(ids) != inputs || found != boxes {
		return fmt.Errorf("the configuration has %d inputs with %d boxes, and the app %d with %d", inputs, boxes, len(ids), found)
	}
	return nil
}

// boxedResult is the cost of inputs with boxes.
type boxedResult struct {
	file           int64 // bytes of the COCO file
	create, plan   cost
	withoutRefresh cost // of a plan that reads the file and sends no requests
}

// boxed creates inputs with boxes from a COCO file and plans again.
func (b *bench) boxed(ctx context.Context, n, boxes int) (r boxedResult, err error) {
	service, err := b.newService(b.processing)
	if err != nil {
		return r, err
	}
	defer service.Close()
	w, err := b.ours(service, paceOff, boxesConfig)
	if err != nil {
		return r, err
	}
	file := filepath.Join(w.dir, "instances.json")
	if err := writeCOCO(file, n, boxes); err != nil {
		return r, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return r, err
	}
	r.file = info.Size()
	if r.create, err = w.apply(ctx); err != nil {
		return r, err
	}
	if err := checkBoxes(service, n, boxes); err != nil {
		return r, err
	}
	if r.plan, err = w.plan(ctx); err != nil {
		return r, err
	}
	r.withoutRefresh, err = w.plan(ctx, "-refresh=false")
	return r, err
}

// boxes is row 9: inputs with boxes from one COCO file.
func (b *bench) boxes(ctx context.Context) error {
	n, boxes := b.annotated, b.options.boxes
	l, err := b.boxLoop(ctx, n, boxes)
	if err != nil {
		return fmt.Errorf("the loop: %w", err)
	}
	r, err := b.boxed(ctx, n, boxes)
	if err != nil {
		return err
	}
	what := fmt.Sprintf("%s inputs with %s boxes from a COCO file", thousands(n), thousands(boxes))
	work := "create " + what + ", pacing off"
	b.table.floor("9", work, fmt.Sprintf("loop of %d workers", defaultWorkers), l.create, l.createCalls)
	b.table.line("9", work, r.create, l.create)
	b.table.goal("9", work, "posts", float64(boxPosts(r.create)), float64(posts(n)+posts(boxes)), count)
	b.table.goal("9", work, "wall against the loop", ratio(r.create.wall, l.create), 1.3, times)
	b.table.goal("9", work, "state", float64(r.create.state), 100e3, memory)
	b.table.goal("9", work, "provider memory", float64(r.create.provider.Peak), 200e6, memory)
	b.table.note("9", work, "first request to last against the loop", times(ratio(r.create.working, l.create)))
	work = "plan " + what + " without changes, pacing off"
	b.table.floor("9", work, "list pages in parallel", l.read, l.readCalls)
	b.table.line("9", work, r.plan, l.read)
	b.table.goal("9", work, "requests", float64(r.plan.total()), float64(pages(n)+pages(n+boxes)+2), count)
	b.table.goal("9", work, "provider CPU", r.plan.provider.CPU.Seconds(), 3, seconds)
	b.table.goal("9", work, "provider memory", float64(r.plan.provider.Peak), 200e6, memory)
	return nil
}

// manyBoxes is row boxes: a million boxes from a COCO file of some 500 MB.
func (b *bench) manyBoxes(ctx context.Context) error {
	n, boxes := b.manyAnnotated, b.options.manyBoxes
	r, err := b.boxed(ctx, n, boxes)
	if err != nil {
		return err
	}
	what := fmt.Sprintf("%s inputs with %s boxes from a COCO file", thousands(n), thousands(boxes))
	work := "create " + what + ", pacing off"
	b.table.line("boxes", work, r.create, 0)
	b.table.goal("boxes", work, "posts", float64(boxPosts(r.create)), float64(posts(n)+posts(boxes)), count)
	b.table.goal("boxes", work, "state", float64(r.create.state), 200e3, memory)
	b.table.goal("boxes", work, "provider memory", float64(r.create.provider.Peak), 400e6, memory)
	b.table.note("boxes", work, "COCO file", memory(float64(r.file)))
	work = "plan " + what + " without changes, pacing off"
	b.table.line("boxes", work, r.plan, 0)
	least := pages(n) + pages(n+boxes)
	b.table.goal("boxes", work, "requests", float64(r.plan.total()), float64(least+least/10+2), count)
	b.table.goal("boxes", work, "provider CPU", r.plan.provider.CPU.Seconds(), 30, seconds)
	b.table.goal("boxes", work, "provider memory", float64(r.plan.provider.Peak), 400e6, memory)
	work = "plan " + what + " with -refresh=false"
	b.table.line("boxes", work, r.withoutRefresh, 0)
	b.table.goal("boxes", work, "provider CPU", r.withoutRefresh.provider.CPU.Seconds(), 30, seconds)
	b.table.goal("boxes", work, "provider memory", float64(r.withoutRefresh.provider.Peak), 400e6, memory)
	return nil
}

// boxPosts returns the number of requests that create inputs and annotations.
func boxPosts(c cost) int { return c.calls["PostInputs"] + c.calls["PostAnnotations"] }
