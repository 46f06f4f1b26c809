package emulator

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

func exportRoutes(s *Service) []endpoint {
	return []endpoint{
		{Op: "DownloadExport", Method: get, Path: "/exports/{name}", Action: download(s, downloadExport)},
	}
}

// inputsPerBatch is the number of inputs in a file of an archive.
const inputsPerBatch = 1000

// export is an archive of a version in one format.
type export struct {
	format            clarifai.DatasetVersionExportFormat
	includeEmbeddings bool
	started           time.Time
	takes             time.Duration
	failure           *clarifai.Status
	token             string
	archive           func(base string) []byte // created when first requested
	content           []byte
	exists            func() bool // whether app, dataset and version still exist
}

func (e *export) status(now time.Time) clarifai.Status {
	switch progressAt(now, e.started, e.takes) {
	case waiting:
		return *statusOf(clarifai.StatusExportPending)
	case running:
		return *statusOf(clarifai.StatusExportInProgress)
	}
	if e.failure != nil {
		return *e.failure
	}
	return *statusOf(clarifai.StatusExportSuccess)
}

func (c *call) exportView(e *export) clarifai.DatasetVersionExport {
	view := clarifai.DatasetVersionExport{Format: e.format, Status: e.status(c.now), IncludeEmbeddings: e.includeEmbeddings}
	if view.Status.Code == clarifai.StatusExportSuccess {
		if e.content == nil {
			e.content = e.archive(c.Base)
		}
		view.URL = c.Base + "/exports/" + e.token + ".zip"
		if c.dialect(ExportLinksExpire) {
			view.URL += "?expires=" + c.now.Add(time.Hour).Format(time.RFC3339)
		}
		view.Size = clarifai.Uint64(len(e.content))
	}
	return view
}

// putExports starts the exports that have not been started or that failed. It
// returns the state of all of them.
func putExports(c *call, in *clarifai.PutDatasetVersionExportsRequest) (*clarifai.MultiDatasetVersionExportResponse, error) {
	d, v, err := c.version()
	if err != nil {
		return nil, err
	}
	if len(in.Exports) == 0 {
		return nil, reject(clarifai.StatusInvalidRequest, "exports is empty")
	}
	for _, sent := range in.Exports {
		if sent.Format < clarifai.ExportFormatClarifaiDataProtobuf || sent.Format > clarifai.ExportFormatClarifaiDataJSON {
			return nil, reject(clarifai.StatusInvalidRequest, "format %d is none of CLARIFAI_DATA_PROTOBUF, COCO, CLARIFAI_DATA_JSON", sent.Format)
		}
	}
	if status := v.status(c.now); status.Code != clarifai.StatusDatasetVersionReady && !c.dialect(EarlyExportQueued) {
		return nil, reject(clarifai.StatusDatasetVersionConflict, "dataset version '%s' is not ready: %s", v.info.ID, status.Description)
	}
	out := &clarifai.MultiDatasetVersionExportResponse{}
	for _, sent := range in.Exports {
		e, started := c.startExport(d, v, sent)
		view := clarifai.DatasetVersionExport{Format: e.format, IncludeEmbeddings: e.includeEmbeddings,
			Status: *statusOf(clarifai.StatusExportPending)}
		if !started {
			view = c.exportView(e)
		}
		out.Exports = append(out.Exports, view)
	}
	return out, nil
}

// startExport returns the version's export in a format, and whether it was started now.
func (c *call) startExport(d *dataset, v *version, sent clarifai.DatasetVersionExport) (*export, bool) {
	at := -1
	for i, e := range v.exports {
		if e.format != sent.Format {
			continue
		}
		if at = i; e.failure == nil || progressAt(c.now, e.started, e.takes) != finished {
			return e, false
		}
	}
	a, items := c.app, v.items
	starts := c.now
	if ready := v.info.CreatedAt.Add(v.takes); ready.After(starts) {
		starts = ready // an export that is requested early waits for the version
	}
	e := &export{
		format: sent.Format, includeEmbeddings: sent.IncludeEmbeddings, started: starts, takes: c.options.Async, token: newID(),
		failure: c.AsyncFailure(objectExport, v.info.ID, "", clarifai.StatusExportFailed),
		archive: func(base string) []byte { return a.archive(sent.Format, items, base, v.info.CreatedAt) },
		exists: func() bool {
			return a.user.apps.get(a.info.ID) == a && a.datasets.get(d.info.ID) == d && d.versions.get(v.info.ID) == v
		},
	}
	if at >= 0 {
		delete(c.exports, v.exports[at].token)
		v.exports[at] = e
	} else {
		v.exports = append(v.exports, e)
	}
	c.exports[e.token] = e
	return e, true
}

// deleteExports deletes the archives of deleted objects.
func (s *Service) deleteExports() {
	maps.DeleteFunc(s.exports, func(_ string, e *export) bool { return !e.exists() })
}

func downloadExport(c *call) (*file, error) {
	name := c.Path["name"]
	token := strings.TrimSuffix(name, ".zip")
	e := c.exports[token]
	if e == nil || !e.exists() || e.status(c.now).Code != clarifai.StatusExportSuccess {
		return nil, notFound("export", name)
	}
	if expires := c.Query.Text("expires"); expires != "" {
		if at, err := time.Parse(time.RFC3339, expires); err != nil || !c.now.Before(at) {
			return nil, &apiserver.Rejection{Code: clarifai.StatusDoesNotExist, HTTP: http.StatusForbidden, Details: "the link has expired"}
		}
	}
	if e.content == nil {
		e.content = e.archive(c.Base)
	}
	return &file{ContentType: "application/zip", Content: e.content}, nil
}

// archive writes the contents of a version. Equal versions give equal bytes.
func (a *app) archive(format clarifai.DatasetVersionExportFormat, items []snapshot, base string, made time.Time) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	// Writing to memory cannot fail.
	add := func(name string, method uint16, content []byte) {
		w, _ := z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: made.UTC().Truncate(2 * time.Second)})
		_, _ = w.Write(content)
	}
	if format == clarifai.ExportFormatCOCO {
		add("annotations/instances.json", zip.Deflate, coco(items, made))
		_ = z.Close()
		return out.Bytes()
	}
	mimetype, encode := "application/x.clarifai-data+json", jsonBatch
	if format == clarifai.ExportFormatClarifaiDataProtobuf {
		mimetype, encode = "application/x.clarifai-data+protobuf", protoBatch
	}
	add("mimetype", zip.Store, []byte(mimetype))
	for i := 0; i < len(items); i += inputsPerBatch {
		part := items[i:min(i+inputsPerBatch, len(items))]
		inputs := make([]clarifai.Input, len(part))
		for j, item := range part {
			inputs[j] = a.exported(item, base)
		}
		add(fmt.Sprintf("all/inputs-%05d_n%d", i/inputsPerBatch+1, len(inputs)), zip.Deflate, encode(inputs))
	}
	_ = z.Close()
	return out.Bytes()
}

// exported returns an input as exports contain it: with ID and data only.
func (a *app) exported(item snapshot, base string) clarifai.Input {
	d := a.dataView(item.data)
	in := a.inputs.get(item.id)
	showContent(d, true, func(kind string) *clarifai.HostedURL {
		if in == nil {
			return nil // deleted meanwhile
		}
		return a.hostedURL(in, base, kind)
	})
	return clarifai.Input{ID: item.id, Data: d}
}

func jsonBatch(inputs []clarifai.Input) []byte {
	b, _ := clarifai.Encode(struct { // was encoded in a response before, so it cannot fail
		Inputs []clarifai.Input `json:"inputs"`
	}{inputs})
	return b
}

// coco writes a version in the format of https://cocodataset.org/#format-data.
func coco(items []snapshot, made time.Time) []byte {
	type image struct {
		ID       int    `json:"id"`
		FileName string `json:"file_name"`
		Width    int    `json:"width"`
		Height   int    `json:"height"`
		URL      string `json:"coco_url,omitzero"`
	}
	type category struct {
		ID   int    `json:"id"`
		Name string `json:"name"`
	}
	type annotation struct {
		ID           int         `json:"id"`
		ImageID      int         `json:"image_id"`
		CategoryID   int         `json:"category_id"`
		BBox         []float64   `json:"bbox,omitempty"` // left, top, width, height in pixels
		Segmentation [][]float64 `json:"segmentation,omitempty"`
		Area         float64     `json:"area"`
		IsCrowd      int         `json:"iscrowd"`
	}
	doc := struct {
		Info        map[string]string `json:"info"`
		Images      []image           `json:"images"`
		Annotations []annotation      `json:"annotations"`
		Categories  []category        `json:"categories"`
	}{Info: map[string]string{"date_created": made.UTC().Format(time.DateOnly), "description": "Clarifai dataset version"}}

	categories := map[string]int{}
	categoryOf := func(id string) int {
		if categories[id] == 0 {
			categories[id] = len(categories) + 1
			doc.Categories = append(doc.Categories, category{categories[id], id})
		}
		return categories[id]
	}
	for _, item := range items {
		if item.data.Image == nil {
			continue // images only
		}
		width, height := sizeOf(item.data)
		img := image{ID: len(doc.Images) + 1, FileName: item.id, Width: int(width), Height: int(height), URL: item.data.Image.URL}
		doc.Images = append(doc.Images, img)
		add := func(label clarifai.Concept, n annotation) {
			if *valueOf(label) > 0 {
				n.ID, n.ImageID, n.CategoryID = len(doc.Annotations)+1, img.ID, categoryOf(label.ID)
				doc.Annotations = append(doc.Annotations, n)
			}
		}
		for _, label := range item.data.Concepts {
			add(label, annotation{})
		}
		for _, r := range item.data.Regions {
			if r.Data == nil || r.RegionInfo == nil {
				continue
			}
			n := annotation{}
			if b := r.RegionInfo.BoundingBox; b != nil {
				left, top := float64(b.LeftCol)*width, float64(b.TopRow)*height
				w, h := float64(b.RightCol)*width-left, float64(b.BottomRow)*height-top
				n.BBox, n.Area = []float64{left, top, w, h}, w*h
			}
			if p := r.RegionInfo.Polygon; p != nil {
				var outline []float64
				for _, corner := range p.Points {
					outline = append(outline, float64(corner.Col)*width, float64(corner.Row)*height)
				}
				n.Segmentation = [][]float64{outline}
			}
			for _, label := range r.Data.Concepts {
				add(label, n)
			}
		}
	}
	b, _ := json.Marshal(doc, json.Deterministic(true)) // cannot fail with these types
	return b
}
