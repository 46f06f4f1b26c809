package emulator_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/protocheck"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestExport_isReadByOfficialDefinitions decodes archives with the official definitions
// and finds the same content in both formats.
func TestExport_isReadByOfficialDefinitions(t *testing.T) {
	definitions := protocheck.Need(t)
	s := start(t, func(o *emulator.Options) { inFleet(o); o.Dialects = []string{emulator.SeveralRegions} })
	s.post(fleet+"/datasets", `{"datasets":[{"id":"d"}]}`).is(200, 10000)
	s.post(fleet+"/inputs", `{"inputs":[
		{"id":"image","data":{"image":{"url":"https://example.com/1.png"},"concepts":[{"id":"truck"},{"id":"van","value":0.25}],
			"metadata":{"n":1.5,"deep":{"list":[true,null,"x"]}},"geo":{"geo_point":{"latitude":40.7127,"longitude":-30}}},"dataset_ids":["d"]},
		{"id":"empty-metadata","data":{"audio":{"url":"https://example.com/2.mp3"},"metadata":{}},"dataset_ids":["d"]},
		{"id":"video","data":{"video":{"url":"https://example.com/3.mp4"}},"dataset_ids":["d"]},
		{"id":"text","data":{"text":{"raw":"text"}},"dataset_ids":["d"]}]}`).is(200, 10000)
	s.post(fleet+"/annotations", `{"annotations":[
		{"input_id":"image","data":{"regions":[
			{"id":"r1","region_info":{"bounding_box":{"top_row":0.1,"left_col":0.2,"bottom_row":0.3,"right_col":0.4}},
				"data":{"concepts":[{"id":"truck"}]},"value":0.5},
			{"id":"r2","region_info":{"polygon":{"points":[{"row":0.1,"col":0.2,"z":0.3},
				{"row":0.5,"col":0.5,"visibility":1},{"row":0.5,"col":0.6}]}}},
			{"id":"r3","region_info":{"point":{"row":0.1,"col":0.2}},"track_id":"t"},
			{"id":"r4","region_info":{"mask":{"image":{"url":"https://example.com/mask.png"}}}},
			{"id":"r5","region_info":{"keypoint_locations":[{"row":0.1,"col":0.2}]}}]}},
		{"input_id":"text","data":{"regions":[
			{"id":"r6","region_info":{"span":{"char_start":1,"char_end":3,"raw_text":"ex"}}},
			{"id":"r7","region_info":{"token":{"char_end":1,"raw_text":"t"}}}]}},
		{"input_id":"video","data":{
			"frames":[{"id":"f","frame_info":{"index":3,"time":120,"number":4},"data":{"concepts":[{"id":"truck"}]}}],
			"time_segments":[{"id":"s","time_info":{"num_frames":5,"begin_time":1.5,"end_time":2.5},"data":{"concepts":[{"id":"van"}]}}]}}]}`).
		is(200, 10000)
	s.post(versionPath, `{"dataset_versions":[{"id":"v"}]}`).is(200, 10000)
	put := func() *reply {
		return s.do(http.MethodPut, versionPath+"/v/exports", `{"exports":[{"format":1},{"format":3}]}`).is(200, 10000)
	}
	put()
	done := put()
	batch := func(i int) []byte {
		raw := s.do(http.MethodGet, fmt.Sprint(done.at(fmt.Sprintf("exports.%d.url", i))), "").raw
		z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		return []byte(content(t, z.File[1]))
	}
	binary, err := definitions.ReadBinary("clarifai.api.InputBatch", batch(0))
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := definitions.ReadJSON("clarifai.api.InputBatch", batch(1))
	if err != nil {
		t.Fatal(err)
	}
	if !proto.Equal(binary, asJSON) {
		t.Errorf("the formats differ:\n%s\nand\n%s", prototext.Format(binary), prototext.Format(asJSON))
	}
	// prototext changes its spaces from build to build.
	if text := strings.ReplaceAll(prototext.Format(binary), " ", ""); strings.Count(text, "\ninputs:{")+1 < 4 ||
		!strings.Contains(text, `raw_text:"ex"`) {
		t.Errorf("the batch lacks something:\n%s", text)
	}
	// A field that the message does not have is detected.
	if _, err := definitions.ReadBinary("clarifai.api.InputBatch", append(batch(0), 0xfa, 0x07, 0x01, 'x')); err == nil {
		t.Error("an unknown field went unseen")
	}
}
