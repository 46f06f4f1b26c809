package emulator

import (
	"math"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// protoBatch encodes inputs as an InputBatch message. It only writes the fields that exports
// contain; the field numbers are those of the official definitions.
func protoBatch(inputs []clarifai.Input) []byte {
	var b message
	for _, in := range inputs {
		b = b.message(1, message(nil).text(1, in.ID).message(2, protoData(in.Data)))
	}
	return b
}

// message is an encoded message under construction. As in proto3, zero values are
// left out.
type message []byte

func (m message) text(field protowire.Number, v string) message {
	if v == "" {
		return m
	}
	return protowire.AppendString(protowire.AppendTag(m, field, protowire.BytesType), v)
}

func (m message) number(field protowire.Number, v uint64) message {
	if v == 0 {
		return m
	}
	return protowire.AppendVarint(protowire.AppendTag(m, field, protowire.VarintType), v)
}

func (m message) float(field protowire.Number, v clarifai.Float) message {
	if v == 0 {
		return m
	}
	return protowire.AppendFixed32(protowire.AppendTag(m, field, protowire.Fixed32Type), math.Float32bits(float32(v)))
}

// time adds a google.protobuf.Timestamp.
func (m message) time(field protowire.Number, v time.Time) message {
	if v.IsZero() {
		return m
	}
	return m.message(field, message(nil).number(1, uint64(v.Unix())).number(2, uint64(v.Nanosecond())))
}

// message adds a message that is present, even if it is empty.
func (m message) message(field protowire.Number, v message) message {
	return protowire.AppendBytes(protowire.AppendTag(m, field, protowire.BytesType), v)
}

func protoData(d *clarifai.Data) message {
	var m message
	if d == nil {
		return m
	}
	if d.Image != nil {
		image := protoMedium(1, 5, d.Image.URL, d.Image.Hosted)
		if i := d.Image.ImageInfo; i != nil {
			image = image.message(6, message(nil).number(1, uint64(i.Width)).number(2, uint64(i.Height)).
				text(3, i.Format).text(4, i.ColorMode).text(5, i.Mode))
		}
		m = m.message(1, image)
	}
	if d.Video != nil {
		video := protoMedium(1, 6, d.Video.URL, d.Video.Hosted)
		if i := d.Video.VideoInfo; i != nil {
			video = video.message(7, message(nil).number(1, uint64(i.Width)).number(2, uint64(i.Height)).float(3, i.FPS).text(4, i.VideoFormat).
				number(5, uint64(i.BitRate)).number(6, uint64(i.FrameCount)).float(7, i.DurationSeconds))
		}
		m = m.message(2, video)
	}
	for _, l := range d.Concepts {
		m = m.message(3, message(nil).text(1, l.ID).text(2, l.Name).float(3, *valueOf(l)).time(4, l.CreatedAt).
			text(5, l.Language).text(6, l.AppID).text(10, l.UserID))
	}
	if metadata := protoStruct(d.Metadata); metadata != nil {
		m = m.message(5, metadata)
	}
	if d.Geo != nil && d.Geo.GeoPoint != nil {
		m = m.message(6, message(nil).message(1, message(nil).float(1, d.Geo.GeoPoint.Longitude).float(2, d.Geo.GeoPoint.Latitude)))
	}
	for _, r := range d.Regions {
		m = m.message(11, protoRegion(r))
	}
	for _, f := range d.Frames {
		var frame message
		if i := f.FrameInfo; i != nil {
			frame = frame.message(1, message(nil).number(1, uint64(i.Index)).number(2, uint64(i.Time)).number(3, uint64(i.Number)))
		}
		m = m.message(12, frame.message(2, protoData(f.Data)).text(3, f.ID))
	}
	if d.Text != nil {
		text := protoMedium(2, 4, d.Text.URL, d.Text.Hosted)
		if i := d.Text.TextInfo; i != nil {
			text = text.message(5, message(nil).number(1, uint64(i.CharCount)).text(2, i.Encoding))
		}
		m = m.message(13, text)
	}
	if d.Audio != nil {
		audio := protoMedium(1, 5, d.Audio.URL, d.Audio.Hosted)
		if i := d.Audio.AudioInfo; i != nil {
			audio = audio.message(6, message(nil).text(1, i.AudioFormat).number(2, uint64(i.SampleRate)).float(3, i.DurationSeconds).
				number(4, uint64(i.BitRate)))
		}
		m = m.message(14, audio)
	}
	for _, t := range d.TimeSegments {
		segment := message(nil).text(1, t.ID).message(2, protoData(t.Data))
		if i := t.TimeInfo; i != nil {
			segment = segment.message(3, message(nil).number(1, uint64(i.NumFrames)).float(4, i.BeginTime).float(5, i.EndTime))
		}
		m = m.message(16, segment)
	}
	return m
}

func protoMedium(urlField, hostedField protowire.Number, url string, hosted *clarifai.HostedURL) message {
	m := message(nil).text(urlField, url)
	if hosted == nil {
		return m
	}
	h := message(nil).text(1, hosted.Prefix).text(2, hosted.Suffix)
	for _, size := range hosted.Sizes {
		h = h.text(3, size)
	}
	return m.message(hostedField, h.text(4, hosted.Crossorigin))
}

func protoRegion(r clarifai.Region) message {
	m := message(nil).text(1, r.ID)
	if info := r.RegionInfo; info != nil {
		var shape message
		if b := info.BoundingBox; b != nil {
			shape = shape.message(1, message(nil).float(1, b.TopRow).float(2, b.LeftCol).float(3, b.BottomRow).float(4, b.RightCol))
		}
		if mask := info.Mask; mask != nil {
			var image message
			if mask.Image != nil {
				image = protoMedium(1, 5, mask.Image.URL, mask.Image.Hosted)
			}
			shape = shape.message(4, message(nil).message(2, image))
		}
		if p := info.Polygon; p != nil {
			var outline message
			for _, corner := range p.Points {
				outline = outline.message(1, protoPoint(corner))
			}
			shape = shape.message(5, outline)
		}
		if p := info.Point; p != nil {
			shape = shape.message(6, protoPoint(*p))
		}
		if s := info.Span; s != nil {
			shape = shape.message(7, message(nil).number(1, uint64(s.CharStart)).number(2, uint64(s.CharEnd)).text(3, s.RawText))
		}
		if t := info.Token; t != nil {
			shape = shape.message(8, message(nil).number(1, uint64(t.CharStart)).number(2, uint64(t.CharEnd)).text(3, t.RawText))
		}
		for _, p := range info.KeypointLocations {
			shape = shape.message(9, protoPoint(p))
		}
		m = m.message(2, shape)
	}
	if r.Data != nil {
		m = m.message(3, protoData(r.Data))
	}
	return m.float(4, r.Value).text(5, r.TrackID)
}

func protoPoint(p clarifai.Point) message {
	return message(nil).float(1, p.Row).float(2, p.Col).float(3, p.Z).number(4, uint64(p.Visibility))
}

// protoStruct encodes a JSON object; nil if there is none.
func protoStruct(s clarifai.Struct) message {
	m, err := parseStruct(s)
	if err != nil || m == nil {
		return nil
	}
	pb, err := structpb.NewStruct(m)
	if err != nil {
		return nil // texts that are not UTF-8 are rejected before
	}
	b, _ := proto.MarshalOptions{Deterministic: true}.Marshal(pb)
	if b == nil {
		b = []byte{} // {} is present
	}
	return b
}
