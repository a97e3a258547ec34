import writeExcelFile, { type Cell, type Row, type Sheet } from 'write-excel-file/node';
import type { FiguresRow, Report, TargetRow, UnitRow, VersionRow } from './report.js';

type Column<Of> = [head: string, width: number, cell: (row: Of) => Cell];

const CLASSES: Record<string, string> = { BAIJIA: '百家', QIANJIA: '千家', WANJIA: '万家' };
const STATES: Record<string, string> = {
  UNPLANNED: '未列入计划',
  PLANNED: '已列入计划',
  BUILDING: '建设中',
  CONNECTED: '已接入',
  UPLOADING: '每日上传',
};

/** Whatever stands in it is text: a cell that begins with an equals sign is no formula. */
const text = (value: string | null): Cell => (value === null ? null : { value, type: String, wrap: true });
const yesOrNo = (value: boolean | null): Cell => text(value === null ? null : value ? '是' : '否');
/** Counts, and shares of at most two decimals, which a spreadsheet's numbers hold as they are shown. */
const share = (value: string): Cell => ({ value: Number(value), type: Number, format: '0.00' });
const classOf = (unitClass: string | null): Cell => text(unitClass && (CLASSES[unitClass] ?? unitClass));

const FIGURES: Column<FiguresRow>[] = [
  ['行政区划代码', 14, ({ area }) => text(area)],
  ['类别', 8, ({ unitClass }) => (unitClass === null ? text('合计') : classOf(unitClass))],
  ['应接入', 8, ({ toConnect }) => toConnect],
  ['按计划应完成', 13, ({ plannedByNow }) => plannedByNow],
  ['未列入计划', 11, ({ unplanned }) => unplanned],
  ['建设中', 8, ({ building }) => building],
  ['已接入', 8, ({ connected }) => connected],
  ['接入率（%）', 12, ({ connectedShare }) => share(connectedShare)],
  ['每日上传', 10, ({ uploading }) => uploading],
  ['每日上传率（%）', 16, ({ uploadingShare }) => share(uploadingShare)],
  ['能源品种齐全', 13, ({ complete }) => complete],
  ['逾期', 8, ({ overdue }) => overdue],
  ['排名', 8, ({ rank }) => rank],
];

const UNITS: Column<UnitRow>[] = [
  ['统一社会信用代码', 22, ({ uscc }) => text(uscc)],
  ['单位名称', 32, ({ enterprise }) => text(enterprise?.name ?? null)],
  ['行政区划代码', 14, ({ area }) => text(area)],
  ['类别', 8, ({ unitClass }) => classOf(unitClass)],
  ['接入状态', 12, ({ state }) => text(STATES[state] ?? state)],
  ['应完成日期', 12, ({ dueOn }) => text(dueOn)],
  ['是否逾期', 10, ({ isOverdue }) => yesOrNo(isOverdue)],
  ['牵头部门', 20, ({ organ }) => text(organ)],
  ['批次', 8, ({ batch }) => text(batch)],
  ['一级计量器具数', 15, ({ gateMeters }) => gateMeters],
  ['按时上传天数', 13, ({ daysOnTime }) => daysOnTime],
  ['考察天数', 10, ({ daysAsked }) => daysAsked],
  ['最近按时上传日期', 17, ({ lastOnTime }) => text(lastOnTime)],
  ['未每日上传的能源种类', 21, (unit) => text(lacking(unit))],
  ['能源品种齐全', 13, ({ isComplete }) => yesOrNo(isComplete)],
];

const TARGETS: Column<TargetRow>[] = [
  ['类别', 8, ({ target }) => classOf(target.unitClass)],
  ['完成期限', 12, ({ target }) => text(target.until)],
  ['应完成比例（%）', 16, ({ target }) => (target.share === null ? null : share(target.share))],
  ['应完成家数', 12, ({ target }) => target.units],
  ['应接入', 8, ({ toConnect }) => toConnect],
  ['每日上传', 10, ({ uploading }) => uploading],
  ['每日上传率（%）', 16, ({ reached }) => share(reached)],
  ['是否到期', 10, ({ isPast }) => yesOrNo(isPast)],
  ['是否完成', 10, ({ isMet }) => yesOrNo(isMet)],
  ['来源', 48, ({ target }) => text(target.source)],
  ['来源是否核实', 13, ({ target }) => yesOrNo(target.verified)],
];

const VERSIONS: Column<VersionRow>[] = [
  ['版本', 8, ({ version }) => version],
  ['报送时间', 26, ({ submittedAt }) => text(submittedAt)],
  ['报送单位', 20, ({ submittedBy }) => text(submittedBy)],
  ['是否逾期报送', 13, ({ isLate }) => yesOrNo(isLate)],
  ['监管情况', 48, ({ supervision }) => text(supervision)],
  ['问题', 48, ({ problems }) => text(problems)],
  ['建议', 48, ({ suggestions }) => text(suggestions)],
];

/** The report as an .xlsx file, a sheet each for figures, targets, the two lists, and what was handed in. */
export function spreadsheetOf(report: Report): Promise<Buffer> {
  const { area, quarter, asOf, dueOn } = report;
  const title = `重点用能单位接入进度 ${area} ${quarter}（统计日期 ${asOf}，报送期限 ${dueOn}）`;
  return writeExcelFile([
    sheetOf('分区分类统计', title, FIGURES, [...report.figures, { ...report.total, area: `${area} 合计` }]),
    sheetOf('接入目标', title, TARGETS, report.targets),
    sheetOf('已接入单位', title, UNITS, report.connected),
    sheetOf('逾期单位', title, UNITS, report.overdue),
    sheetOf('报送内容', title, VERSIONS, report.versions),
  ]).toBuffer();
}

function sheetOf<Of>(
  sheet: string,
  title: string,
  columns: readonly Column<Of>[],
  rows: readonly Of[],
): Sheet<never> {
  const heads: Row = columns.map(([value]) => ({ value, type: String, fontWeight: 'bold', wrap: true }));
  return {
    sheet,
    data: [[{ value: title, type: String, fontWeight: 'bold' }], heads, ...rows.map(rowOf)],
    columns: columns.map(([, width]) => ({ width })),
    stickyRowsCount: 2,
  };
  function rowOf(row: Of): Row {
    return columns.map(([, , cell]) => cell(row));
  }
}

function lacking({ energyClasses }: UnitRow): string | null {
  const codes = energyClasses.flatMap(({ energyClass, isUploading }) => (isUploading ? [] : [energyClass]));
  return codes.length > 0 ? codes.join('、') : null;
}
