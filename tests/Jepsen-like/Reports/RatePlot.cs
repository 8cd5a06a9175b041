using System.Globalization;
using System.Text;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Reports;

/// <summary>How many operations ended each second: those that succeeded as an area, others as lines over it.</summary>
internal static class RatePlot
{
    private const int Height = 150;
    private const int BinsMax = 250;
    private const int Levels = 4;

    // Bins of a length that people can divide by.
    private static readonly double[] BinSeconds = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];

    public static string Draw(PlotFrame frame, IEnumerable<Operation> operations)
    {
        var bin = BinSeconds.FirstOrDefault(s => frame.Seconds / s <= BinsMax, frame.Seconds / BinsMax);
        var bins = (int)Math.Ceiling(frame.Seconds / bin);
        var rates = Outcome.All.ToDictionary(outcome => outcome, _ => new double[bins]);
        foreach (var operation in operations)
        {
            // Nobody knows when an unknown operation ended: it stands where it began.
            var time = operation.IsKnown ? operation.Completed : operation.Invoked;
            var at = (int)((time - frame.Begin) / 1e9 / bin);
            rates[Outcome.Of(operation)][Math.Clamp(at, 0, bins - 1)] += 1 / bin;
        }

        var top = NiceCeiling(rates.Values.Max(series => series.Max()));
        var levels = Enumerable.Range(0, Levels + 1).Select(level => (level * Height / (double)Levels,
            string.Create(CultureInfo.InvariantCulture, $"{top * level / Levels:N0}/s"))).ToArray();
        return frame.Draw(Height, levels, namesFaults: true, (svg, y) =>
        {
            Curve(svg, "area", rates[Outcome.Ok], isClosed: true);
            foreach (var outcome in Outcome.All)
                Curve(svg, $"curve {outcome}", rates[outcome], isClosed: false);

            long EndOf(int number) => frame.Begin + (long)((number + 1) * bin * 1e9);

            void Curve(StringBuilder path, string kind, double[] series, bool isClosed)
            {
                path.Append(CultureInfo.InvariantCulture, $"<path class=\"{kind}\" d=\"M{PlotFrame.Left} {y + Height}");
                for (var i = 0; i < bins; i++)
                {
                    var height = Height - (series[i] * Height / top);
                    path.Append(CultureInfo.InvariantCulture, $"V{y + height:F1}")
                        .Append(CultureInfo.InvariantCulture, $"H{frame.X(EndOf(i)):F1}");
                }

                path.Append(isClosed ? FormattableString.Invariant($"V{y + Height}Z") : "").Append("\"/>\n");
            }
        });
    }

    /// <summary>1, 2 or 4 times a power of ten, not below the value: all divide into four levels.</summary>
    private static double NiceCeiling(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(4, value))));
        return new[] { 1, 2, 4, 8, 10 }.Select(factor => factor * power).First(nice => nice >= value);
    }
}
