package clarifai

// Data is the content and the labels of an input, annotation, region or model output.
//
// The content of an input (image, video, audio or text, one of them) cannot change after create.
// Concepts, metadata and geo can be patched. Regions are normally sent as annotations.
// Models create the fields from colors on. In filters a message that is present but
// empty means "has one of these", so empty messages must survive encoding.
type Data struct {
	Image        *Image        `json:"image,omitzero"`
	Video        *Video        `json:"video,omitzero"`
	Audio        *Audio        `json:"audio,omitzero"`
	Text         *Text         `json:"text,omitzero"`
	Concepts     []Concept     `json:"concepts,omitempty"`
	Metadata     Struct        `json:"metadata,omitzero"`
	Geo          *Geo          `json:"geo,omitzero"`
	Regions      []Region      `json:"regions,omitempty"`
	Frames       []Frame       `json:"frames,omitempty"`
	TimeSegments []TimeSegment `json:"time_segments,omitempty"`
	Tracks       []Track       `json:"tracks,omitempty"`
	Colors       []Color       `json:"colors,omitempty"`
	Clusters     []Cluster     `json:"clusters,omitempty"`
	Embeddings   []Embedding   `json:"embeddings,omitempty"`
	Hits         []Hit         `json:"hits,omitempty"`
	Heatmaps     []Image       `json:"heatmaps,omitempty"`
	Parts        []Part        `json:"parts,omitempty"`
	NDArray      *NDArray      `json:"ndarray,omitzero"`
	IntValue     Int64         `json:"int_value,omitzero"`
	FloatValue   float64       `json:"float_value,omitzero"`
	BytesValue   []byte        `json:"bytes_value,omitempty"`
	BoolValue    bool          `json:"bool_value,omitzero"`
	StringValue  string        `json:"string_value,omitzero"`
	StructValue  Struct        `json:"struct_value,omitzero"`
}

// Image is an image. url or base64 are settable and fixed. allow_duplicate_url is settable; whether
// the service returns it is unknown. The service never returns the bytes. All other fields are output.
type Image struct {
	URL               string               `json:"url,omitzero"`
	Base64            []byte               `json:"base64,omitempty"`
	AllowDuplicateURL bool                 `json:"allow_duplicate_url,omitzero"` // accept a URL that the app already has
	Hosted            *HostedURL           `json:"hosted,omitzero"`
	ImageInfo         *ImageInfo           `json:"image_info,omitzero"`
	HostedImageInfo   map[string]ImageInfo `json:"hosted_image_info,omitempty"` // by size, without "orig"
	DecodedBytes      []byte               `json:"decoded_bytes,omitempty"`     // internal to the service
}

// ImageInfo describes an image that the service has processed. Output only.
type ImageInfo struct {
	Width     int32  `json:"width,omitzero"`
	Height    int32  `json:"height,omitzero"`
	Format    string `json:"format,omitzero"`
	ColorMode string `json:"color_mode,omitzero"`
	Mode      string `json:"mode,omitzero"`
}

// Video is a video. url or base64 and allow_duplicate_url are settable as for [Image]; all other fields are output.
type Video struct {
	URL               string     `json:"url,omitzero"`
	Base64            []byte     `json:"base64,omitempty"`
	AllowDuplicateURL bool       `json:"allow_duplicate_url,omitzero"`
	ThumbnailURL      string     `json:"thumbnail_url,omitzero"` // deprecated
	Hosted            *HostedURL `json:"hosted,omitzero"`
	HostedThumbnail   *HostedURL `json:"hosted_thumbnail,omitzero"`
	VideoInfo         *VideoInfo `json:"video_info,omitzero"`
}

// VideoInfo describes a video that the service has processed. Output only.
type VideoInfo struct {
	Width           int32  `json:"width,omitzero"`
	Height          int32  `json:"height,omitzero"`
	FPS             Float  `json:"fps,omitzero"`
	VideoFormat     string `json:"video_format,omitzero"`
	BitRate         int32  `json:"bit_rate,omitzero"`
	FrameCount      int32  `json:"frame_count,omitzero"`
	DurationSeconds Float  `json:"duration_seconds,omitzero"`
}

// Audio is a sound recording. url or base64 and allow_duplicate_url are settable as for [Image]; all other fields are output.
type Audio struct {
	URL               string     `json:"url,omitzero"`
	Base64            []byte     `json:"base64,omitempty"`
	AllowDuplicateURL bool       `json:"allow_duplicate_url,omitzero"`
	Hosted            *HostedURL `json:"hosted,omitzero"`
	AudioInfo         *AudioInfo `json:"audio_info,omitzero"`
}

// AudioInfo describes a recording that the service has processed. Output only.
type AudioInfo struct {
	AudioFormat     string `json:"audio_format,omitzero"`
	SampleRate      int32  `json:"sample_rate,omitzero"`
	DurationSeconds Float  `json:"duration_seconds,omitzero"`
	BitRate         int32  `json:"bit_rate,omitzero"`
}

// Text is a text. raw or url and allow_duplicate_url are settable and fixed. The service stores
// the text as a hosted file and may not return raw. All other fields are output.
type Text struct {
	Raw               string     `json:"raw,omitzero"`
	URL               string     `json:"url,omitzero"`
	AllowDuplicateURL bool       `json:"allow_duplicate_url,omitzero"`
	Hosted            *HostedURL `json:"hosted,omitzero"`
	TextInfo          *TextInfo  `json:"text_info,omitzero"`
}

// TextInfo describes a text that the service has processed. Output only.
type TextInfo struct {
	CharCount int32  `json:"char_count,omitzero"`
	Encoding  string `json:"encoding,omitzero"`
}

// HostedURL is the address of a file that the service stores: prefix/size/suffix. Reading it needs the
// caller's credential. Output only.
type HostedURL struct {
	Prefix      string   `json:"prefix,omitzero"`
	Suffix      string   `json:"suffix,omitzero"`
	Sizes       []string `json:"sizes,omitempty"`
	Crossorigin string   `json:"crossorigin,omitzero"`
}

// Geo is the geo location of an input. geo_point is settable and patchable; geo_limit and geo_box belong to filters.
type Geo struct {
	GeoPoint *GeoPoint       `json:"geo_point,omitzero"`
	GeoLimit *GeoLimit       `json:"geo_limit,omitzero"`
	GeoBox   []GeoBoxedPoint `json:"geo_box,omitempty"` // two opposite corners
}

// GeoPoint is a location in degrees. The service holds 32-bit floats.
type GeoPoint struct {
	Longitude Float `json:"longitude"`
	Latitude  Float `json:"latitude"`
}

// GeoLimit is a distance around geo_point. Filters only.
type GeoLimit struct {
	Type  string `json:"type,omitzero"` // withinMiles, withinKilometers, withinRadians or withinDegrees
	Value Float  `json:"value"`
}

// GeoBoxedPoint is a corner of a box. Filters only.
type GeoBoxedPoint struct {
	GeoPoint *GeoPoint `json:"geo_point,omitzero"`
}

// Region is a part of an image, frame or text with its own labels. Settable and patchable in annotations.
type Region struct {
	ID         string      `json:"id,omitzero"`
	RegionInfo *RegionInfo `json:"region_info,omitzero"`
	Data       *Data       `json:"data,omitzero"`
	Value      Float       `json:"value,omitzero"`
	TrackID    string      `json:"track_id,omitzero"`
}

// RegionInfo is the shape of a region; one field is set. In filters an empty shape means "has a region of this shape".
type RegionInfo struct {
	BoundingBox       *BoundingBox `json:"bounding_box,omitzero"`
	Mask              *Mask        `json:"mask,omitzero"`
	Polygon           *Polygon     `json:"polygon,omitzero"`
	Point             *Point       `json:"point,omitzero"`
	Span              *Span        `json:"span,omitzero"`
	Token             *Token       `json:"token,omitzero"`
	KeypointLocations []Point      `json:"keypoint_locations,omitempty"`
}

// BoundingBox is a rectangle in fractions (0 to 1) of the image.
type BoundingBox struct {
	TopRow    Float `json:"top_row"`
	LeftCol   Float `json:"left_col"`
	BottomRow Float `json:"bottom_row"`
	RightCol  Float `json:"right_col"`
}

// Mask is a region given by an image of it.
type Mask struct {
	Image *Image `json:"image,omitzero"`
}

// Polygon is a region given by its corners.
type Polygon struct {
	Points []Point `json:"points,omitempty"`
}

// Point is a position in fractions (0 to 1) of the image.
type Point struct {
	Row        Float           `json:"row"`
	Col        Float           `json:"col"`
	Z          Float           `json:"z,omitzero"`
	Visibility PointVisibility `json:"visibility,omitzero"`
}

// PointVisibility tells whether a keypoint is visible.
type PointVisibility int32

// Visibilities of points.
const (
	PointVisibilityNotSet PointVisibility = 0
	PointVisible          PointVisibility = 1
	PointNotVisible       PointVisibility = 2
	PointNotPresent       PointVisibility = 3
)

var pointVisibilityNames = enumNames{"NOT_SET": 0, "VISIBLE": 1, "NOT_VISIBLE": 2, "NOT_PRESENT": 3}

// UnmarshalJSON accepts a number or a name.
func (v *PointVisibility) UnmarshalJSON(b []byte) error {
	return pointVisibilityNames.unmarshal(b, "PointVisibility", (*int32)(v))
}

// MarshalJSON writes the number, or the name if this package does not know its number.
func (v PointVisibility) MarshalJSON() ([]byte, error) { return pointVisibilityNames.marshal(int32(v)) }

func (v *PointVisibility) enum() (enumNames, *int32) { return pointVisibilityNames, (*int32)(v) }

// String is the official name.
func (v PointVisibility) String() string { return pointVisibilityNames.name(int32(v)) }

// Span is a range of characters in a text.
type Span struct {
	CharStart uint32 `json:"char_start"`
	CharEnd   uint32 `json:"char_end"`
	RawText   string `json:"raw_text,omitzero"`
}

// Token is a word of a text.
type Token struct {
	CharStart uint32 `json:"char_start"`
	CharEnd   uint32 `json:"char_end"`
	RawText   string `json:"raw_text,omitzero"`
}

// Frame is a frame of a video with its own labels.
type Frame struct {
	FrameInfo *FrameInfo `json:"frame_info,omitzero"`
	Data      *Data      `json:"data,omitzero"`
	ID        string     `json:"id,omitzero"`
}

// FrameInfo locates a frame in its video. In filters an empty one means "has frames".
type FrameInfo struct {
	Index  uint32 `json:"index"` // deprecated
	Time   Uint64 `json:"time"`  // milliseconds
	Number uint32 `json:"number"`
}

// TimeSegment is a range of time in a video or recording with its own labels.
type TimeSegment struct {
	ID       string    `json:"id,omitzero"`
	Data     *Data     `json:"data,omitzero"`
	TimeInfo *TimeInfo `json:"time_info,omitzero"`
}

// TimeInfo locates a time segment or track. In filters an empty one means "has time segments".
type TimeInfo struct {
	NumFrames uint32 `json:"num_frames,omitzero"`
	BeginTime Float  `json:"begin_time,omitzero"` // seconds
	EndTime   Float  `json:"end_time,omitzero"`   // seconds
}

// Track is one object that is followed through a video.
type Track struct {
	ID       string    `json:"id,omitzero"`
	Data     *Data     `json:"data,omitzero"`
	TimeInfo *TimeInfo `json:"time_info,omitzero"`
	Quality  Float     `json:"quality,omitzero"`
}

// Color is a colour found by a model. Output only.
type Color struct {
	RawHex string `json:"raw_hex,omitzero"`
	W3C    *W3C   `json:"w3c,omitzero"`
	Value  Float  `json:"value"`
}

// W3C is the named web colour nearest to a colour. Output only.
type W3C struct {
	Hex  string `json:"hex,omitzero"`
	Name string `json:"name,omitzero"`
}

// Cluster is a group of similar inputs found by a model. Output only.
type Cluster struct {
	ID         string  `json:"id,omitzero"`
	Count      uint32  `json:"count,omitzero"`
	Score      Float   `json:"score,omitzero"`
	Hits       []Hit   `json:"hits,omitempty"`
	Projection []Float `json:"projection,omitempty"`
}

// Embedding is a vector computed by a model; in ranks, one to compare with.
type Embedding struct {
	Vector        []Float `json:"vector,omitempty"`
	NumDimensions uint32  `json:"num_dimensions,omitzero"`
}

// Part is one of several values of a prediction.
type Part struct {
	ID   string `json:"id,omitzero"`
	Data *Data  `json:"data,omitzero"`
}

// NDArray is a tensor of a prediction.
type NDArray struct {
	Buffer []byte   `json:"buffer,omitempty"`
	Shape  []uint32 `json:"shape,omitempty"`
	Dtype  string   `json:"dtype,omitzero"`
}
