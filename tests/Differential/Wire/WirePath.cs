using System.Text;

namespace Coord.Differential.Wire;

/// <summary>A path as it is sent: null, or bytes that need not be a path at all.</summary>
internal sealed class WirePath
{
    private readonly byte[]? _bytes;
    private readonly bool _isBelow;
    private readonly string _above = "";

    private WirePath(byte[]? bytes, bool isBelow, string shown) => (_bytes, _isBelow, Shown) = (bytes, isBelow, shown);

    private WirePath(string above, string below)
        : this(Encoding.UTF8.GetBytes(below), isBelow: true, $"{above}~{below}") => _above = above;

    public static WirePath Null { get; } = new(null, isBelow: false, "null");

    /// <summary>How reports show it.</summary>
    public string Shown { get; }

    /// <summary>Below the run's own znode: "" is that znode.</summary>
    public static WirePath Below(string path) => new(Encoding.UTF8.GetBytes(path), isBelow: true, "~" + Escape(path));

    /// <summary>With the name of the run's own znode in the middle.</summary>
    public static WirePath Around(string above, string below) => new(above, below);

    /// <summary>Just these characters.</summary>
    public static WirePath Just(string path) => new(Encoding.UTF8.GetBytes(path), isBelow: false, $"'{Escape(path)}'");

    /// <summary>Below the run's own znode, in bytes that are no UTF-8.</summary>
    public static WirePath Bytes(byte[] path) => new(path, isBelow: true, "~hex " + Convert.ToHexString(path));

    public byte[]? Encode(string prefix) =>
        _isBelow ? [.. Encoding.UTF8.GetBytes(_above + prefix), .. _bytes!] : _bytes;

    public override string ToString() => Shown;

    private static string Escape(string text) =>
        string.Concat(text.Select(c => c is < ' ' or > '~' ? $"\\u{(int)c:x4}" : $"{c}"));
}
