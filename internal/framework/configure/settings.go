package configure

// Settings are the arguments of the provider block that programs offer as flags. Empty ones are not set.
type Settings struct {
	UserID, AppID, BaseURL, Context, ConfigFile string

	RequestsPerSecond *float64
}
