using System.Globalization;
using System.Net;
using System.Text;
using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Reports;

/// <summary>The picture behind every plot over time: the faults as shaded bands, grid lines, two axes.</summary>
internal sealed class PlotFrame(IReadOnlyList<FaultRecord> faults, long begin, long end)
{
    public const int Left = 62;
    public const int Width = 1_000;

    private const int Right = 14;
    private const int AxisHeight = 18;
    private const int LaneHeight = 14;
    private const double CharacterWidth = 6.2;
    private const int TimeLabelsMax = 12;

    /// <summary>In nanoseconds since the start of the run.</summary>
    public long Begin => begin;

    public long End { get; } = Math.Max(begin + 1, end);

    public double Seconds => (End - Begin) / 1e9;

    public double X(long time) => Left + ((Math.Clamp(time, Begin, End) - Begin) * (double)Width / (End - Begin));

    /// <param name="height">Of the plot alone.</param>
    /// <param name="levels">Labelled lines across: how far up from the bottom, and what they stand for.</param>
    /// <param name="namesFaults">Above the plot.</param>
    /// <param name="draw">Draws the plot, whose top it is told.</param>
    public string Draw(
        int height, IReadOnlyList<(double Up, string Label)> levels, bool namesFaults, Action<StringBuilder, int> draw)
    {
        var lanes = namesFaults ? Lanes() : [];
        var top = 6 + (lanes.Count == 0 ? 0 : (lanes.Max(lane => lane.Lane) + 1) * LaneHeight);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Left + Width + Right} ")
            .Append(CultureInfo.InvariantCulture, $"{top + height + AxisHeight}\" role=\"img\">\n");
        foreach (var fault in faults)
            Shade(svg, fault, top, height);
        foreach (var (fault, lane) in lanes)
            Name(svg, fault, lane, top);
        foreach (var (up, label) in levels)
        {
            var y = top + height - up;
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Left} {y:F1}h{Width}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{y + 4:F1}\" text-anchor=\"end\">")
                .Append(WebUtility.HtmlEncode(label)).Append("</text>\n");
        }

        draw(svg, top);
        DrawTimes(svg, top + height);
        return svg.Append("</svg>\n").ToString();
    }

    public static string Describe(FaultRecord fault) => string.Create(CultureInfo.InvariantCulture,
        $"{fault.Fault.Name}, node {fault.Leader} led: {fault.Began / 1e9:F1} s, healed {fault.Healed / 1e9:F1} s, ") +
        string.Create(CultureInfo.InvariantCulture, $"all nodes served {fault.Served / 1e9:F1} s");

    private void Shade(StringBuilder svg, FaultRecord fault, int top, int height)
    {
        Rectangle("fault", fault.Began, fault.Healed);
        Rectangle("healing", fault.Healed, fault.Served);

        void Rectangle(string kind, long from, long to) => svg
            .Append(CultureInfo.InvariantCulture, $"<rect class=\"{kind}\" x=\"{X(from):F1}\" y=\"{top}\" ")
            .Append(CultureInfo.InvariantCulture, $"width=\"{Math.Max(1, X(to) - X(from)):F1}\" height=\"{height}\">")
            .Append($"<title>{WebUtility.HtmlEncode(Describe(fault))}</title></rect>\n");
    }

    private void Name(StringBuilder svg, FaultRecord fault, int lane, int top)
    {
        var y = ((lane + 1) * LaneHeight) - 2;
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"tick\" d=\"M{X(fault.Began):F1} {y - 9}V{top}\"/>")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"fault-name\" x=\"{NameX(fault) + 3:F1}\" y=\"{y}\">")
            .Append(WebUtility.HtmlEncode(fault.Fault.Name)).Append("</text>\n");
    }

    /// <summary>Each name into the highest lane in which it covers no other.</summary>
    private List<(FaultRecord Fault, int Lane)> Lanes()
    {
        var placed = new List<(FaultRecord, int)>();
        var ends = new List<double>();
        foreach (var fault in faults.OrderBy(fault => fault.Began))
        {
            var lane = ends.FindIndex(end => end <= NameX(fault));
            if (lane < 0)
            {
                lane = ends.Count;
                ends.Add(0);
            }

            ends[lane] = NameX(fault) + TextWidth(fault);
            placed.Add((fault, lane));
        }

        return placed;
    }

    /// <summary>Where the fault begins, or as far left of that as the edge asks.</summary>
    private double NameX(FaultRecord fault) => Math.Min(X(fault.Began), Left + Width + Right - TextWidth(fault));

    private static double TextWidth(FaultRecord fault) => (fault.Fault.Name.Length * CharacterWidth) + 8;

    private void DrawTimes(StringBuilder svg, int bottom)
    {
        var step = new[] { 1, 2, 5, 10, 30, 60, 300, 3_600 }.First(s => s == 3_600 || Seconds / s <= TimeLabelsMax);
        for (var second = (int)Math.Ceiling(Begin / 1e9); second * 1e9 <= End; second += step)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X((long)(second * 1e9)):F1}\" y=\"{bottom + 14}\" ")
                .Append(CultureInfo.InvariantCulture, $"text-anchor=\"middle\">{second} s</text>\n");
        }
    }
}
