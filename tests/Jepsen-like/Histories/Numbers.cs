using System.Text;

namespace Coord.JepsenLike.Histories;

/// <summary>Many numbers as a short text: ascending, runs as "3-17"; what is there twice comes twice.</summary>
internal static class Numbers
{
    public static string Write(IEnumerable<long> numbers)
    {
        var text = new StringBuilder();
        var sorted = numbers.Order().ToArray();
        for (var i = 0; i < sorted.Length;)
        {
            var last = i;
            while (last + 1 < sorted.Length && sorted[last + 1] == sorted[last] + 1)
                last++;
            text.Append(text.Length == 0 ? "" : ",").Append(sorted[i]);
            if (last > i)
                text.Append('-').Append(sorted[last]);
            i = last + 1;
        }

        return text.ToString();
    }

    public static List<long> Parse(string text)
    {
        var numbers = new List<long>();
        foreach (var run in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = run.Split('-');
            for (var number = long.Parse(ends[0]); number <= long.Parse(ends[^1]); number++)
                numbers.Add(number);
        }

        return numbers;
    }
}
